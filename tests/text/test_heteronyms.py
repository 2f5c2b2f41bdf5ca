"""Every word of the table in sentences, those that espeak-ng reads well among them: a rule must not spoil them."""

import re
import time

import pytest

from voxproof.text import phonemes, unknown_symbols
from voxproof.text.espeak import ipa
from voxproof.text.heteronyms import decide_heteronyms, heteronyms, rules

# A sentence, and a word that must be among its phonemes.
SENTENCES = {
    "I read it yesterday.": "ɹˈɛd",
    "I read the paper every morning.": "ɹˈiːd",
    "I will read it.": "ɹˈiːd",
    "I have never read it.": "ɹˈɛd",
    "She read the letter twice.": "ɹˈɛd",
    "Does she read novels?": "ɹˈiːd",
    "Did he ever read it?": "ɹˈiːd",
    "Can she read?": "ɹˈiːd",
    "They read books every day.": "ɹˈiːd",
    "They read it last night.": "ɹˈɛd",
    "It was read aloud.": "ɹˈɛd",
    "To read is to live.": "ɹˈiːd",
    "Yesterday we read a poem.": "ɹˈɛd",
    "The teacher read the story aloud.": "ɹˈɛd",
    "The children read a book.": "ɹˈiːd",
    "Read the next page.": "ɹˈiːd",
    "Please read this.": "ɹˈiːd",
    "Have you read it?": "ɹˈɛd",
    "He quickly read the note.": "ɹˈɛd",
    "Let her read it.": "ɹˈiːd",
    "She is well read.": "ɹˈɛd",
    "The lead pipe burst.": "lˈɛd",
    "It is made of lead.": "lˈɛd",
    "They lead the way.": "lˈiːd",
    "Lead poisoning is rare.": "lˈɛd",
    "She was in the lead.": "lˈiːd",
    "The lead singer left.": "lˈiːd",
    "A lead pencil.": "lˈɛd",
    "That could lead to trouble.": "lˈiːd",
    "Live music is fun.": "lˈaɪv",
    "We live here.": "lˈɪv",
    "The show was broadcast live.": "lˈaɪv",
    "Children live in the house.": "lˈɪv",
    "The wind blew.": "wˈɪnd",
    "Wind the clock every night.": "wˈaɪnd",
    "I have to wind the clock.": "wˈaɪnd",
    "A strong wind rose.": "wˈɪnd",
    "The roads wind through the hills.": "wˈaɪnd",
    "The river winds through the valley.": "wˈaɪndz",
    "High winds are expected.": "wˈɪndz",
    "She has a tear in her eye.": "tˈɪɹ",
    "There is a tear in the fabric.": "tˈɛɹ",
    "Tear the paper in two.": "tˈɛɹ",
    "They tear it apart.": "tˈɛɹ",
    "Do not tear the page.": "tˈɛɹ",
    "Wear and tear.": "tˈɛɹ",
    "Her eyes filled with tears.": "tˈɪɹz",
    "She tears the page.": "tˈɛɹz",
    "A single tear fell.": "tˈɪɹ",
    "He took a bow.": "bˈaʊ",
    "He shot with bow and arrow.": "bˈoʊ",
    "The bow of the ship rose.": "bˈaʊ",
    "She had a bow in her hair.": "bˈoʊ",
    "They bow to the king.": "bˈaʊ",
    "He wore a bow tie.": "bˈoʊ",
    "Bow before the queen.": "bˈaʊ",
    "She bows to nobody.": "bˈaʊz",
    "We put it to good use.": "jˈuːs",
    "It is of no use.": "jˈuːs",
    "I use it daily.": "jˈuːz",
    "How do you use it?": "jˈuːz",
    "The use of force is forbidden.": "jˈuːs",
    "I used to swim.": "jˈuːst",
    "You get used to it.": "jˈuːst",
    "It was used to open doors.": "jˈuːzd",
    "He used a knife.": "jˈuːzd",
    "Keep a record of it.": "ɹˈɛkɚd",
    "Record the meeting.": "ɹᵻkˈɔːɹd",
    "They record songs.": "ɹᵻkˈɔːɹd",
    "She broke the world record.": "ɹˈɛkɚd",
    "Present your ticket.": "pɹɪzˈɛnt",
    "The present is a gift.": "pɹˈɛzənt",
    "I will present it.": "pɹɪzˈɛnt",
    "Close the door.": "klˈoʊz",
    "Please close your eyes.": "klˈoʊz",
    "It is close to me.": "klˈoʊs",
    "A close friend came.": "klˈoʊs",
    "The shops close at five.": "klˈoʊz",
    "At the close of the day.": "klˈoʊz",
    "They came too close.": "klˈoʊs",
    "The talks drew to a close.": "klˈoʊz",
    "Did you close it?": "klˈoʊz",
    "He will be close.": "klˈoʊs",
    "Wait a minute.": "mˈɪnɪt",
    "Minute details matter.": "maɪnˈuːt",
    "A minute amount is enough.": "maɪnˈuːt",
    "The wound healed.": "wˈuːnd",
    "He wound the clock.": "wˈaʊnd",
    "The road wound up the hill.": "wˈaʊnd",
    "A gunshot wound.": "wˈuːnd",
    "She dove into the lake.": "dˈoʊv",
    "A white dove flew.": "dˈʌv",
    "I am content.": "kəntˈɛnt",
    "The content of the page.": "kˈɑːntɛnt",
    "She felt quite content with it.": "kəntˈɛnt",
    "They desert the army.": "dɪzˈɜːt",
    "The desert is dry.": "dˈɛzɚt",
    "I object to that.": "ɑːbdʒˈɛkt",
    "The object fell.": "ˈɑːbdʒɛkt",
    "The muscles contract.": "kəntɹˈækt",
    "Sign the contract.": "kˈɑːntɹækt",
    "The results conflict with ours.": "kənflˈɪkt",
    "Prices increase every year.": "ɪŋkɹˈiːs",
    "An increase of two percent.": "ˈɪŋkɹiːs",
    "It is an import from Japan.": "ˈɪmpɔːɹt",
    "They import tea.": "ɪmpˈɔːɹt",
    "I will not subject them to this.": "səbdʒˈɛkt",
    "The subject is closed.": "sˈʌbdʒɛkt",
    "She is an advocate of change.": "ˈædvəkət",
    "They advocate change.": "ˈædvəkˌeɪt",
    "He is a delegate to the party.": "dˈɛlɪɡət",
    "You should delegate more.": "dˈɛlɪɡˌeɪt",
    "An associate professor spoke.": "ɐsˈoʊsɪət",
    "I associate it with rain.": "ɐsˈoʊsɪˌeɪt",
    "Excuse me.": "ɛkskjˈuːz",
    "That is no excuse.": "ɛkskjˈuːs",
    "The sow had ten piglets.": "sˈaʊ",
    "The old sow is asleep.": "sˈaʊ",
    "They sow the seeds.": "sˈoʊ",
    "He caught a bass.": "bˈæs",
    "She plays the bass guitar.": "bˈeɪs",
    "The book of Job.": "dʒˈoʊb",
    "He needs a job.": "dʒˈɑːb",
    "An august assembly.": "ɔːɡˈʌst",
    "In August we leave.": "ˈɔːɡəst",
    "Send me your resume.": "ɹˈɛzuːmˌeɪ",
    "We resume at noon.": "ɹᵻzˈuːm",
    "The password is invalid.": "ɪnvˈælɪd",
    "He was an invalid for years.": "ˈɪnvəlɪd",
    "They refuse to go.": "ɹᵻfjˈuːz",
    "The refuse collection is late.": "ɹˈɛfjuːs",
    "They frequent the bar.": "fɹiːkwˈɛnt",
    "A frequent guest.": "fɹˈiːkwənt",
    "A steep incline.": "ˈɪnklaɪn",
    "They asked for a recount.": "ɹˈiːkaʊnt",
    "Do not discount the idea.": "dɪskˈaʊnt",
    "A discount of ten percent.": "dˈɪskaʊnt",
    "A learned man.": "lˈɜːnᵻd",
    "He learned a lot.": "lˈɜːnd",
    "Blessed are the meek.": "blˈɛsᵻd",
    "He blessed the bread.": "blˈɛst",
    "An aged man sat there.": "ˈeɪdʒᵻd",
    "He was aged nine.": "ˈeɪdʒd",
    "The combine stood in the field.": "kˈɑːmbaɪn",
    "We combine the two.": "kəmbˈaɪn",
    "The buffet is open.": "bəfˈeɪ",
    "We flew to Nice, France.": "nˈiːs",
    "A nice day.": "nˈaɪs",
    "We live near Reading, England.": "ɹˈɛdɪŋ",
    "I like reading.": "ɹˈiːdɪŋ",
    "The putting green.": "pˈʌɾɪŋ",
    "A house is a home.": "hˈaʊs",
    "They house the refugees.": "hˈaʊz",
    "Separate rooms, please.": "sˈɛpɹət",
    "We separate them.": "sˈɛpɚɹˌeɪt",
    "The estimate was wrong.": "ˈɛstᵻmət",
    "They protest often.": "pɹətˈɛst",
    "A polite protest.": "pɹˈoʊtɛst",
    "Nine lives.": "lˈaɪvz",
    "He lives here.": "lˈɪvz",
    "The farm will produce wheat.": "pɹədˈuːs",
    "Fresh produce.": "pɹˈoʊduːs",
    "I suspect him.": "səspˈɛkt",
    "The suspect ran.": "sˈʌspɛkt",
    "Those were the first tears the man had wept.": "tˈɪɹz",
    "He shot fish with a bow and arrows.": "bˈoʊ",
    "He read it to us when we were small.": "ɹˈɛd",
    "I will tear them up.": "tˈɛɹ",
    "The delegates voted.": "dˈɛlɪɡəts",
    "Many advocates spoke.": "ˈædvəkəts",
    "He met his associates.": "ɐsˈoʊsɪəts",
    "We read a hundred resumes.": "ɹˈɛzuːmˌeɪz",
    "Permit me to ask.": "pɚmˈɪt",
    "It was a reject.": "ɹˈiːdʒɛkt",
    "The lion tears the meat.": "tˈɛɹz",
    "The bows of the ship rose.": "bˈaʊz",
    "They put it to use.": "jˈuːs",
    "The residents object to it.": "ɑːbdʒˈɛkt",
    "They burned the household refuse.": "ɹˈɛfjuːs",
    "The most learned people came.": "lˈɜːnᵻd",
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_sentences(sentence: str) -> None:
    words = [word.strip("?!.:;,") for word in phonemes(sentence).split()]
    assert SENTENCES[sentence] in words


@pytest.mark.parametrize("word", heteronyms())
def test_every_word_has_a_sentence_in_which_a_rule_corrects_espeak(word: str) -> None:
    spoken = [
        sentence
        for sentence, said in SENTENCES.items()
        if re.search(rf"\b{word}\b", sentence, re.IGNORECASE)
        and decide_heteronyms(sentence) != sentence
        and said not in ipa(sentence.rstrip(".?")).split()
    ]
    assert spoken


@pytest.mark.parametrize("word", heteronyms())
def test_rules_say_symbols_of_ours(word: str) -> None:
    for rule in rules(word):
        assert "ˈ" in rule.say
        assert not unknown_symbols(rule.say)


def test_case_and_punctuation_around_do_not_matter() -> None:
    assert phonemes("CLOSE the door") == phonemes("close the door")
    assert "lˈɛd" in phonemes('He said: "a lead-free pipe".')


def test_words_that_only_contain_one_are_left() -> None:
    for text in ("reader leadership windmill closely", "a misread word", "Mead's lead's"):
        assert decide_heteronyms(text) == text


def test_a_long_text_costs_no_more_than_its_length() -> None:
    text = "they read and lead and wind and tear and close " * 200
    started = time.perf_counter()
    decide_heteronyms(text)
    assert time.perf_counter() - started < 2.0
