import multiprocessing
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import espeakng_loader
import pytest

from voxproof.errors import TextError
from voxproof.text import phonemes, unknown_symbols
from voxproof.text.espeak import ipa

SPOKEN = {
    "hello world": "həlˈoʊ wˈɜːld",
    "Hello, world. How are you?": "həlˈoʊ, wˈɜːld. hˈaʊ ɑːɹ juː?",
    "the bottle button": "ðə bˈɑːɾəl bˈʌʔn̩",
    "Fine... I think (really) -- yes!": "fˈaɪn. aɪ θˈɪŋk, ɹˈiəli, jˈɛs!",
    "What?! No...": "wˌʌt? nˈoʊ.",
    "3.5 at 10:30, ok?": "θɹˈiː pɔɪnt fˈaɪv æt tˈɛn θˈɜːɾi, ˌoʊkˈeɪ?",
    "“It’s” well-known; NASA": "ɪts wˈɛlnˈoʊn; nˈæsɐ",
    "ten A M, the A T M": "tˈɛn ˈeɪ ˈɛm, ðɪ ˈeɪ tˈiː ˈɛm",
    "loch": "lˈɑːk",
}
SENTENCES = ["She sells sea shells.", "The quick brown fox, again!", "How are you?", "Naïve café rendezvous; yes."] * 25


@pytest.mark.parametrize("words", SPOKEN)
def test_words_to_phonemes(words: str) -> None:
    assert phonemes(words) == SPOKEN[words]
    assert not unknown_symbols(SPOKEN[words])


@pytest.mark.parametrize("nothing", ["", "  ", "...", "—!", '"'])
def test_nothing_to_speak_is_refused(nothing: str) -> None:
    with pytest.raises(TextError, match="nothing in this text can be spoken"):
        phonemes(nothing)


def test_marks_stay_behind_the_word_before() -> None:
    assert phonemes(" , . yes , no .") == "jˈɛs, nˈoʊ."


def test_words_in_another_language_leave_no_flag() -> None:
    assert "(" not in ipa("Привет hello 你好")


def test_embedded_zero_does_not_cut_the_text() -> None:
    assert ipa("hello\0world") == ipa("hello world")


def test_threads_get_what_one_thread_gets() -> None:
    alone = [phonemes(sentence) for sentence in SENTENCES]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(phonemes, SENTENCES)) == alone


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_forked_child_speaks_while_threads_of_the_parent_do() -> None:
    with ThreadPoolExecutor(4) as threads:
        busy = [threads.submit(phonemes, sentence) for sentence in SENTENCES * 20]
        with multiprocessing.get_context("fork").Pool(2) as children:
            in_children = children.map_async(phonemes, SENTENCES).get(timeout=60)
        assert in_children == [one.result() for one in busy][: len(SENTENCES)]


def test_data_in_a_folder_with_a_long_path_is_found(tmp_path: Path) -> None:
    folder = tmp_path.joinpath(*["a-folder-with-a-long-name-" + "x" * 40] * 4)
    folder.mkdir(parents=True)
    (folder / "espeak-ng-data").symlink_to(espeakng_loader.get_data_path(), target_is_directory=True)
    code = (
        "import sys, espeakng_loader; espeakng_loader.get_data_path = lambda: sys.argv[1]\n"
        "from voxproof.text import phonemes; print(phonemes('hello'))"
    )
    command = [sys.executable, "-X", "utf8", "-c", code, str(folder / "espeak-ng-data")]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "həlˈoʊ"


def test_missing_data_is_one_line() -> None:
    code = (
        "import espeakng_loader; espeakng_loader.get_data_path = lambda: '/nowhere'\n"
        "from voxproof.errors import VoxproofError\n"
        "from voxproof.text import phonemes\n"
        "try:\n    phonemes('hello')\nexcept VoxproofError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "espeak-ng has no voice en-us in /nowhere: run `pip install" in done.stdout
    assert len(done.stdout.strip().splitlines()) == 1
