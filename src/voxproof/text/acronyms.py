"""Words in capitals: what is spelt (FBI), what is read as a word (NASA), and text that merely shouts."""

import re

from voxproof.text.dates import MONTHS

# Read as words although a rule would spell them, or long enough to be sure.
READ = frozenset(
    """NASA NATO UNESCO UNICEF OPEC AIDS LASER RADAR SONAR SCUBA NAFTA ASEAN FIFA UEFA NASCAR NASDAQ SWAT PIN SIM RAM
    ROM ASCII JPEG GIF COVID SARS MERS BREXIT IKEA LEGO FEMA OSHA NIMBY POTUS FLOTUS SCOTUS CAPTCHA WYSIWYG TOEFL
    CERN YOLO FOMO MIDI LIDAR GUI WASP HIPAA NOAA PETA BAFTA SOHO DARPA ICANN VAT ZIP BASIC COBOL FORTRAN LAMP
    MOMA QANTAS INTERPOL EUROPOL""".split()
)
# Spelt although they could be read.
SPELT = frozenset(
    """US USA UK UN EU AI IT TV PC CD DVD ID IQ IP IE IEEE ATM CEO CFO CTO COO CIA FBI NSA NBA NFL MLB NHL UFO UFC USB
    URL API CPU GPU ASAP DIY FAQ AKA RSVP ETA GPA SUV NGO HIV MRI ICU ER AM PM BC AD BCE CE HR PR VIP VPN ISP IBM
    UCLA UAE IOU IRA IRS ISBN ISO ITV LED LCD DC NYC AOL BBC CBS NBC ABC CNN AFC EPA ESPN FDA DEA DIA DOA
    DUI EKG ECG EMT ENT OCD ADHD AA AAA EV EDM ACLU NAACP YMCA YWCA AARP EULA IMO IMHO USSR UCL EST ISS ETF IPO DNA
    RNA TTS ASR SMS GPS PDF HTML HTTP HTTPS CSS SQL XML RPG FPS UI UX OS IOS HIIT APA MLA OECD IMF IAEA LOL
    OMG TBA TBC TBD FYI""".split()
)
_SHORT_WORDS = frozenset(
    """A I AH AM AN AS AT BE BY DO GO HA HE HI HO IF IN IS ME MY NO OF OH OK ON OR OW SO TO UP WE YE ADD AGE AGO AID
    AIM AIR ALL AND ANY ARE ARM ART ASK ATE BAD BAG BAN BAR BED BEG BET BIG BIT BOX BOY BUG BUS BUT BUY BYE CAN CAP
    CAR CAT COW CRY CUP CUT DAD DAY DID DIE DOG DRY DUE EAR EAT EGG END EYE FAN FAR FAT FEW FIT FIX FLY FOR FOX FUN
    FUR GAS GET GOD GOT GUN GUY HAD HAS HAT HEY HER HID HIM HIS HIT HOT HOW HUG ICE ILL ITS JOB JOY KEY KID LAW LAY
    LEG LET LIE LOG LOT LOW MAD MAN MAP MAY MEN MET MOM MUD NET NEW NOR NOT NOW NUT ODD OFF OIL OLD ONE OUR OUT OWN
    PAY PEN PET PIE PIG PUT RAN RAT RAW RED RID RUN SAD SAT SAW SAY SEA SEE SET SHE SHY SIT SIX SKY SON SUN TAX TEA
    TEN THE TIE TIP TOE TOO TOP TOY TRY TWO USE VAN WAR WAS WAY WET WHO WHY WIN WON WOW YES YET YOU YEP NAH HUH UGH
    HMM SHH PSST BAY CAB FED HEN HIP HOP INN JAM JAR JAW LAB LAP LIP MIX MUM NAP PAN POP POT RIB ROW RUB SKI SPY TAB
    TAG TAP TIN VET VIA WEB SIR""".split()
)

_WORDS_TOO = frozenset(
    ["US", "IT", "AM", "ID", "BASIC", "ZIP", "PIN", "LAMP", "WASP", "AIDS", "LASER", "RADAR", "SWAT", "AD"]
)
_VOWEL = re.compile("[AEIOUY]")

_CAPITALS = re.compile(r"(?<![\w'])(?P<letters>[A-Z]{2,})(?P<plural>s\b|'s\b)?(?![a-z])")
_PAIR = re.compile(r"(?<![\w'&])([A-Z]{1,3})\s?&\s?([A-Z]{1,3})(s\b|'s\b)?(?![\w&])")
_WORD = re.compile(r"[A-Za-z']+")
_ONSETS = re.compile(
    r"(?:[BCDFGHJKLMNPQRSTVWXYZ]?|[BCFGKPS]L|[BCDFGKPTW]R|S[CKMNPQTW]|[CGPSTW]H|SCH|SCR|SHR|SPL|SPR|STR|THR|TW|DW|QU|KN|WR|GN|PH[LR]?"
    r"|CH[LR])(?=[AEIOUY])"
)
_CODAS = re.compile(
    r"[AEIOUY](?:[BCDFGHJKLMNPQRSTVWXYZ]?|CK|CT|CTS|FF|FT|FTH|GH|GHT|GHTH|GHTS|LD|LDS|LF|LFTH|LK|LL|LLS|LM|LP|LPS|LPT|LT|LTH|LTS"
    r"|MB|MP|MPS|MPT|MPTS|MS|NCH|ND|NDS|NG|NGS|NGST|NK|NKS|NS|NST|NT|NTS|NTH|NX|PS|PT|PTH|PTS|RCH|RD|RDS|RF|RFS|RGH|RK|RKS|RL|RLS"
    r"|RM|RMS|RMTH|RN|RNS|RNT|RP|RPS|RR|RS|RST|RT|RTH|RTS|RTHS|SH|SK|SKS|SM|SMS|SP|SPS|SS|ST|STS|TCH|TH|THS|TS|TT|WK|WL|WLS|WN"
    r"|WNS|WS|XT|XTH|XTS|ZZ|BS|BT|BTS|CKS|CS|DS|DST|DTH|FS|GS|HN|KS|LS|LVES|CH|PH|GN|GNS|RLD|RLDS|NGTH)$"
)
_THICKET = re.compile(r"[BCDFGHJKLMNPQRSTVWXZ]{5}|[AEIOU]{4}|Q(?!U)|J[^AEIOU]|V[^AEIOUYR]")


def is_readable(word: str) -> bool:
    """Whether capitals look like an English word: a possible beginning, a possible end, no thicket between."""
    return bool(_ONSETS.match(word) and _CODAS.search(word) and not _THICKET.search(word))


def quieten(text: str) -> str:
    """Text that is all in capitals in small letters, but for what is an acronym in any case."""
    words = _WORD.findall(text)
    if any(letter.islower() for letter in text) or len(words) < 3:
        return text
    if 2 * sum(_is_english(word) for word in words) < len(words):
        return text
    return _WORD.sub(lambda found: found[0] if _is_known(found[0]) else _small(found[0]), text)


def verbalise_acronyms(text: str) -> str:
    """Capitals spelt with a space between the letters, or left as a word."""
    return _CAPITALS.sub(_acronym, _PAIR.sub(_pair, text))


def _is_english(word: str) -> bool:
    return word in _SHORT_WORDS or (len(word) > 3 and word not in READ | SPELT and is_readable(word.partition("'")[0]))


def _is_known(word: str) -> bool:
    """Whether a word is an acronym even where everything is in capitals; what is also a word is taken for one."""
    if word == "I" or not _VOWEL.search(word):
        return True
    return word in (READ | SPELT) - _SHORT_WORDS - _WORDS_TOO


def _small(word: str) -> str:
    """Small letters; a month or a title keeps its capital, for the rules of dates and names look for one."""
    capital = word.capitalize()
    return (
        capital if capital in MONTHS or capital in ("Mr", "Mrs", "Ms", "Dr", "St", "Prof", "Chapter") else word.lower()
    )


def _acronym(found: re.Match[str]) -> str:
    letters, ending = found["letters"], found["plural"] or ""
    if letters in READ or letters == "OK":
        return found[0]
    if letters not in SPELT and (letters in _SHORT_WORDS or (len(letters) > 3 and is_readable(letters))):
        return letters.lower() + ending if len(letters) > 1 else found[0]
    return " ".join(letters) + ("'s" if ending else "")


def _pair(found: re.Match[str]) -> str:
    """AT&T, R&D, M&Ms."""
    return f"{' '.join(found[1])} and {' '.join(found[2])}{chr(39) + 's' if found[3] else ''}"
