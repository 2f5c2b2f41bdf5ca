"""What is sent and answered, as the OpenAPI schema describes it."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from voxproof.server.jobs import Status
from voxproof.speakers.voice import MAX_NAME
from voxproof.text.prosody import FASTEST, SLOWEST
from voxproof.text.reading import LONGEST_TEXT

Format = Literal["mp3", "opus", "flac", "wav", "pcm"]
MEDIA_TYPES: dict[Format, str] = {
    "mp3": "audio/mpeg",
    "opus": "audio/ogg",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "pcm": "audio/pcm",
}
MOST_PRONUNCIATIONS = 1000
Name = Annotated[str, StringConstraints(min_length=1, max_length=MAX_NAME)]
Seed = Annotated[int, Field(ge=0, lt=2**32, description="The same seed gives the same sound.")]


class VoiceId(BaseModel):
    """The other form in which OpenAI's API names a voice."""

    model_config = ConfigDict(extra="forbid")

    id: Name


class SpeechRequest(BaseModel):
    """A text and the voice that says it: OpenAI's form with some fields more."""

    model_config = ConfigDict(extra="forbid")

    model: str = Field(
        "voxproof", max_length=64, description="`voxproof`; `tts-1`, `tts-1-hd` and `gpt-4o-mini-tts` are taken for it."
    )
    input: str = Field(
        min_length=1, max_length=LONGEST_TEXT, description="The text: plain, or SSML if it begins with `<speak`."
    )
    voice: Name | VoiceId = Field(description="The name of an enrolled voice.")
    response_format: Format = Field(
        "mp3", description="`opus` is Ogg Opus; `pcm` is 16 bits, little-endian, mono, 24 kHz (or `rate`), no header."
    )
    speed: float = Field(1.0, ge=SLOWEST, le=FASTEST, description="A factor on the rate of speech.")
    instructions: str | None = Field(
        None, max_length=4096, description="Taken for the sake of clients that send it, and not followed."
    )
    stream_format: Literal["audio", "sse"] = Field(
        "audio", description="The sound itself, or server-sent events with a piece of it each."
    )
    seed: Seed = 0
    rate: Literal[16000, 24000] | None = Field(None, description="Hz; 24000 if not given.")
    consent: str | None = Field(
        None,
        min_length=1,
        max_length=2000,
        description="Who agreed to what; if not given, the note kept with the voice.",
    )
    pronunciations: dict[str, str] = Field(
        default_factory=dict,
        max_length=MOST_PRONUNCIATIONS,
        description='How words are said: `{"SQL": "sequel", "Nguyen": "/wɪn/"}`.',
    )


class VoiceEntry(BaseModel):
    """An enrolled voice."""

    object: Literal["audio.voice"] = "audio.voice"
    id: str = Field(description="Its name; what `voice` takes.")
    name: str
    created_at: int = Field(description="Unix time of its file.")
    seconds: float = Field(description="Of speech that it was made from.")
    f0: float = Field(description="Median pitch in Hz; 0 if not known.")
    encoder: str
    notes: list[str] = Field(description="What may spoil it.")
    consent: dict[str, Any] | None = Field(None, description="Who agreed to what, and when.")


class VoiceList(BaseModel):
    """All enrolled voices by name; files that cannot be read are left out."""

    object: Literal["list"] = "list"
    data: list[VoiceEntry]


class ModelEntry(BaseModel):
    """A model by the name that a client gives; `created` is for clients that want it, a model here has no date."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "voxproof"


class ModelList(BaseModel):
    """The models of the features that this server has."""

    object: Literal["list"] = "list"
    data: list[ModelEntry]


class VoiceChange(BaseModel):
    """A voice's new name."""

    model_config = ConfigDict(extra="forbid")

    name: Name


class Deleted(BaseModel):
    """It is gone."""

    object: str
    id: str
    deleted: Literal[True] = True


class Window(BaseModel):
    """One stretch of the recording."""

    start: float
    end: float
    llr: float
    probability: float


class Warned(BaseModel):
    """A reason for doubt."""

    code: str
    message: str


class Found(BaseModel):
    """What the file says of where it comes from."""

    kind: str
    message: str
    synthetic: bool
    details: dict[str, Any]


class Detection(BaseModel):
    """The verdict on one recording, as `voxproof detect --json` prints it; or `path` and `error` alone."""

    model_config = ConfigDict(extra="allow")

    path: str | None = Field(None, description="The file's name as it was uploaded.")
    error: str | None = Field(None, description="Why the recording cannot be read.")
    label: Literal["real", "fake", "uncertain"] | None = None
    probability: float | None = Field(None, description="Of synthetic speech, by the sound alone.")
    llr: float | None = Field(None, description="Natural log-likelihood ratio; positive: synthetic.")
    seconds: float | None = None
    speech_seconds: float | None = None
    windows: list[Window] | None = None
    warnings: list[Warned] | None = None
    findings: list[Found] | None = None
    model: str | None = None
    card_sha256: str | None = None
    sentence: str | None = Field(None, description="The verdict in words.")
    explanation: dict[str, Any] | None = None


class DetectionList(BaseModel):
    """One entry a file, in their order."""

    object: Literal["list"] = "list"
    data: list[Detection]


class JobEntry(BaseModel):
    """A job as it stands."""

    object: Literal["job"] = "job"
    id: str
    kind: Literal["speech", "conversion", "detections"]
    status: Status
    created_at: int = Field(description="Unix time.")
    done: int = Field(description="Sentences or files that are finished.")
    total: int = Field(description="Of how many; 0 while that is not known.")
    error: str | None = Field(None, description="Why it failed, in one line.")
    notes: list[str] = Field(default_factory=list, description="What had to be left out of a text, and the like.")


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"
    version: str


class Readiness(BaseModel):
    """Of each feature true, false while its models are being loaded, or why they cannot be."""

    ready: bool
    features: dict[str, bool | str]
