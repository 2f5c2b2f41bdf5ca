"""resemblyzer_golden.npz holds what the Resemblyzer package (0.1.4, librosa 0.11, webrtcvad 2.0.10, torch 2.13) gives
for the bundled voices: row 0 after its `preprocess_wav`, row 1 with the volume raised and no silence cut.
"""

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxproof.audio import Audio
from voxproof.features.mel import mel_filters
from voxproof.models import load_card
from voxproof.speakers import load_encoder
from voxproof.speakers.ge2e import Ge2eEncoder
from voxproof.speakers.ge2e_mel import (
    GE2E_MEL,
    PARTIAL_FRAMES,
    mel_partials,
    partial_starts,
    power_mel,
    raise_volume,
)
from voxproof.speakers.ge2e_silence import WINDOW, trim_long_silences

GOLDEN = np.load(Path(__file__).parent / "resemblyzer_golden.npz", allow_pickle=False)
WEBRTC = importlib.util.find_spec("_webrtcvad") is not None


def ge2e_encoder() -> Ge2eEncoder:
    encoder = load_encoder("ge2e-resemblyzer")
    assert isinstance(encoder, Ge2eEncoder)
    return encoder


@pytest.mark.parametrize("name", ["anna", "ben", "carl", "dora"])
def test_same_embedding_as_the_package(ge2e: None, voices: dict[str, Audio], name: str) -> None:
    samples = raise_volume(voices[name].samples)
    assert ge2e_encoder().embed_preprocessed(samples) @ GOLDEN[name][1] >= 0.9999
    if WEBRTC:
        assert ge2e_encoder().embed(voices[name]) @ GOLDEN[name][0] >= 0.9999


def test_embeddings_are_rectified(ge2e: None, speech: Audio) -> None:
    assert ge2e_encoder().embed(speech).min() >= 0.0


def test_neither_torch_nor_the_package_is_imported(ge2e: None) -> None:
    code = (
        "import sys; from voxproof.speakers import load_encoder; load_encoder('ge2e-resemblyzer');"
        "sys.exit(bool({'torch', 'resemblyzer', 'librosa', 'onnx'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_shipped_graph_is_what_the_network_folder_builds() -> None:
    pytest.importorskip("onnx")
    from voxproof.networks.ge2e_graph import ge2e_graph

    card = load_card("ge2e-resemblyzer")
    assert card.folder is not None
    assert (card.folder / "graph.onnx").read_bytes() == ge2e_graph().SerializeToString()


def test_partials_of_three_seconds_by_hand() -> None:
    # 48,000 samples are 301 frames; a step is round(16,000 / 1.3 / 160) = 77 frames: 0, 77, 154 and 231 begin before
    # 301 - 160 + 77 + 1 = 219, so three; the last ends at sample 50,240 and is covered by 91 %.
    assert partial_starts(48_000) == [0, 77, 154]
    # 2.2 s: the partial from frame 77 is covered by (35,200 - 12,320) / 25,600 = 89 %.
    assert partial_starts(35_200) == [0, 77]
    # 1.9 s: by (30,400 - 12,320) / 25,600 = 71 %, too little.
    assert partial_starts(30_400) == [0]
    assert partial_starts(1) == [0]


@given(st.integers(1, 700_000))
def test_partials_cover_all_but_a_scrap(n_samples: int) -> None:
    starts = partial_starts(n_samples)
    assert starts[0] == 0
    left = n_samples - (starts[-1] + PARTIAL_FRAMES) * GE2E_MEL.hop
    assert left < 0.75 * PARTIAL_FRAMES * GE2E_MEL.hop


def test_mel_of_a_pure_tone_by_hand() -> None:
    # A sine of 1 kHz in a Hann window of 400 samples: power (400 / 4)^2 at bin 25, a quarter of it beside.
    tone = np.sin(2 * np.pi * 1_000 * np.arange(16_000) / 16_000).astype(np.float32)
    filters = mel_filters(GE2E_MEL)
    expected = 1e4 * (filters[:, 25] + 0.25 * (filters[:, 24] + filters[:, 26]))
    np.testing.assert_allclose(power_mel(tone)[50], expected, atol=2e-3 * expected.max())


def test_volume_is_raised_never_lowered(speech: Audio) -> None:
    raised = raise_volume(speech.samples * 0.001)
    assert 20 * np.log10(np.sqrt(np.mean(raised**2))) == pytest.approx(-30.0, abs=0.01)
    loud = np.clip(speech.samples * 10, -1, 1)
    np.testing.assert_array_equal(raise_volume(loud), loud)
    silence = np.zeros(100, np.float32)
    np.testing.assert_array_equal(raise_volume(silence), silence)


def test_a_clip_shorter_than_a_partial_is_padded(speech: Audio) -> None:
    partials = mel_partials(speech.samples[:8_000])
    assert partials.shape == (1, PARTIAL_FRAMES, 40)
    assert not partials[0, 60:].any()


@pytest.mark.skipif(not WEBRTC, reason="webrtcvad is not installed")
def test_long_silences_go_and_short_ones_stay(speech: Audio) -> None:
    start = speech.samples[16_000:48_000]
    hole = np.zeros(32_000, np.float32)
    kept = trim_long_silences(np.concatenate([start, hole, start]))
    assert 2 * len(start) * 0.6 < len(kept) < 2 * len(start) + 0.4 * len(hole)


def test_trimming_takes_whole_windows_and_never_everything() -> None:
    silence = np.zeros(5 * WINDOW + 7, np.float32)
    assert len(trim_long_silences(silence)) > 0
    assert len(trim_long_silences(silence[:100])) == 100
