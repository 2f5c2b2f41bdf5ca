import pytest

from voxproof.errors import TextError
from voxproof.text.prosody import EMPHASIS, FASTEST, HIGHEST, LOUDEST, Prosody, pitch, rate, volume


@pytest.mark.parametrize(
    ("value", "factor"),
    [
        ("slow", 0.8),
        ("x-fast", 1.6),
        ("default", 1.0),
        ("80%", 0.8),
        ("+10%", 1.1),
        ("-20%", 0.8),
        ("1.2", 1.2),
        ("200%", 2),
    ],
)
def test_rates(value: str, factor: float) -> None:
    assert rate(value) == pytest.approx(factor)


@pytest.mark.parametrize(
    ("value", "factor"), [("high", 1.15), ("+12st", 2.0), ("-12st", 0.5), ("+0st", 1.0), ("+5%", 1.05), ("90%", 0.9)]
)
def test_pitches(value: str, factor: float) -> None:
    assert pitch(value) == pytest.approx(factor)


@pytest.mark.parametrize(
    ("value", "factor"), [("silent", 0.0), ("medium", 1.0), ("+6dB", 1.995), ("-20dB", 0.1), ("50", 0.5), ("100", 1.0)]
)
def test_volumes(value: str, factor: float) -> None:
    assert volume(value) == pytest.approx(factor, abs=0.001)


@pytest.mark.parametrize(
    ("read", "value", "mentions"),
    [
        (rate, "quick", "x-slow"),
        (rate, "10st", "number in %"),
        (rate, "300%", "3 times"),
        (rate, "0", "between 0.5 and 2"),
        (rate, "", "none"),
        (pitch, "220Hz", "% or st"),
        (pitch, "1.2", "% or st"),
        (pitch, "+24st", "4 times"),
        (pitch, "+1e9st", "none"),
        (pitch, "+99999st", "between"),
        (volume, "+12dB", "between 0 and 2"),
        (volume, "9999999999dB", "between"),
        (volume, "loudest", "x-soft"),
    ],
)
def test_values_that_are_none(read, value, mentions) -> None:
    with pytest.raises(TextError, match=mentions):
        read(value)


def test_one_within_the_other_multiplies_up_to_the_bounds() -> None:
    both = Prosody(rate=1.2, pitch=0.9, volume=0.5).within(Prosody(rate=1.2, pitch=0.9, volume=0.5, stressed=True))
    assert both.rate == pytest.approx(1.44)
    assert both.pitch == pytest.approx(0.81)
    assert both.volume == pytest.approx(0.25)
    assert both.stressed
    most = Prosody(2.0, 2.0, 2.0).within(Prosody(2.0, 2.0, 2.0))
    assert (most.rate, most.pitch, most.volume) == (FASTEST, HIGHEST, LOUDEST)


def test_emphasis_is_slower_higher_and_louder_the_stronger_it_is() -> None:
    levels = [EMPHASIS[level] for level in ("reduced", "none", "moderate", "strong")]
    assert [one.rate for one in levels] == sorted((one.rate for one in levels), reverse=True)
    assert [one.pitch for one in levels] == sorted(one.pitch for one in levels)
    assert [one.volume for one in levels] == sorted(one.volume for one in levels)
