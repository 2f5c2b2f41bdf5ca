"""Tensors out of a torch checkpoint without running its pickle.

A checkpoint (`torch.save`) is a pickle that says which tensor lies where, and the raw bytes of the tensors. A pickle is
a program: loading it the usual way runs whatever its author wrote. Here its opcodes are read one by one by
`pickletools.genops` and interpreted by a machine that knows containers, strings, numbers and four names of torch,
builds tensors as NumPy arrays, and refuses all else. Nothing is imported and nothing is called.

Both layouts are read: the zip archive that torch writes since 1.6 and the stream of pickles before it.
"""

import io
import mmap
import pickletools
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
from numpy.typing import NDArray

from voxproof.errors import ModelError

LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
MAX_PICKLE_OPCODES = 5_000_000
MAX_PICKLE_BYTES = 64 << 20
MAX_PLACES = 200_000  # of containers, tensors and numbers
MAX_NAME = 1_000  # characters of a tensor's dotted place

_DTYPES: dict[str, np.dtype[Any]] = {
    "DoubleStorage": np.dtype("<f8"),
    "FloatStorage": np.dtype("<f4"),
    "HalfStorage": np.dtype("<f2"),
    "BFloat16Storage": np.dtype("<u2"),  # widened to float32 when a tensor is cut out of it
    "LongStorage": np.dtype("<i8"),
    "IntStorage": np.dtype("<i4"),
    "ShortStorage": np.dtype("<i2"),
    "CharStorage": np.dtype("i1"),
    "ByteStorage": np.dtype("u1"),
    "BoolStorage": np.dtype("?"),
}
_LITERALS = (
    *("BININT", "BININT1", "BININT2", "LONG1", "LONG4", "BINFLOAT"),
    *("BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8", "BINSTRING", "SHORT_BINSTRING", "BINBYTES", "SHORT_BINBYTES"),
)
_REBUILDERS = ("_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_parameter")


@dataclass(frozen=True)
class _Global:
    """A name that the pickle mentions; it stands for itself and is never looked up."""

    module: str
    name: str


@dataclass(frozen=True)
class _Storage:
    kind: str
    key: str
    count: int


@dataclass(frozen=True)
class _Tensor:
    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class _Mark:
    """Where a pickle opened a list of items."""


class _RefusedError(Exception):
    """The reason why a checkpoint is not read, without its path."""


def read_torch_tensors(path: str | Path, prefix: str = "") -> dict[str, NDArray[Any]]:
    """The tensors of a checkpoint by their dotted place in it: `{"model_state.linear.bias": array, ...}`.

    Only those whose place begins with `prefix` are read from disk (an optimiser's state is twice its model's).

    Dictionaries and lists are walked; numbers and strings beside the tensors are left out. bfloat16 becomes float32.
    Raises `ModelError` when the file is missing, broken, cut short, or its pickle asks for anything but tensors in
    plain containers.
    """
    path = Path(path)
    if not path.is_file():
        raise ModelError(f"{path}: there is no such checkpoint")
    try:
        if zipfile.is_zipfile(path):
            tree, load = _read_zip(path)
        else:
            tree, load = _read_legacy(path)
        return {name: _cut(tensor, load) for name, tensor in _tensors_of(tree).items() if name.startswith(prefix)}
    except _RefusedError as reason:
        raise ModelError(f"{path}: {reason}; the checkpoint is not used") from None
    except (
        ArithmeticError,
        AssertionError,
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
        struct.error,
    ) as problem:
        raise ModelError(f"{path}: not a torch checkpoint, or a broken one ({problem})") from None
    except (OSError, EOFError, MemoryError, RuntimeError, zipfile.BadZipFile) as problem:
        raise ModelError(f"{path}: the checkpoint cannot be read ({problem})") from None


_Loader = Callable[[_Storage], NDArray[Any]]


def _read_zip(path: Path) -> tuple[Any, _Loader]:
    with zipfile.ZipFile(path) as archive:
        pickles = [name for name in archive.namelist() if name.endswith("/data.pkl") or name == "data.pkl"]
        if len(pickles) != 1:
            raise _RefusedError("the archive holds no data.pkl, so torch.save did not write it")
        root = pickles[0].removesuffix("data.pkl")
        if f"{root}byteorder" in archive.namelist() and archive.read(f"{root}byteorder") != b"little":
            raise _RefusedError("the tensors are not little-endian")
        entry = archive.getinfo(pickles[0])
        if entry.compress_type != zipfile.ZIP_STORED or entry.file_size > MAX_PICKLE_BYTES:
            raise _RefusedError("its pickle is compressed or too long")
        tree = _interpret(io.BytesIO(archive.read(entry)))

    def load(storage: _Storage) -> NDArray[Any]:
        with zipfile.ZipFile(path) as archive:
            entry = archive.getinfo(f"{root}data/{storage.key}")
            dtype = _DTYPES[storage.kind]
            # torch stores tensors uncompressed: a compressed entry could unpack to anything.
            if entry.compress_type != zipfile.ZIP_STORED or entry.file_size != storage.count * dtype.itemsize:
                raise _RefusedError(f"tensor data {storage.key} is not as long as the checkpoint says")
            return np.frombuffer(archive.read(entry), dtype=dtype)

    return tree, load


def _read_legacy(path: Path) -> tuple[Any, _Loader]:
    size = path.stat().st_size
    # A map of the file, since reading as many bytes as a forged length asks for would ask for as much memory.
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as stream:
        if _interpret(stream) != LEGACY_MAGIC:
            raise _RefusedError("not a torch checkpoint")
        _interpret(stream)  # protocol version
        system = _interpret(stream)
        if not isinstance(system, dict) or system.get("little_endian") is not True:
            raise _RefusedError("the tensors are not little-endian")
        storages: dict[str, _Storage] = {}
        tree = _interpret(stream, storages)
        keys = _interpret(stream)
        places: dict[str, int] = {}
        for key in keys:
            storage = storages[key]
            (count,) = struct.unpack("<q", stream.read(8))
            length = count * _DTYPES[storage.kind].itemsize
            if count != storage.count or stream.tell() + length > size:
                raise _RefusedError(f"tensor data {key} is cut short")
            places[key] = stream.tell()
            stream.seek(length, 1)

    def load(storage: _Storage) -> NDArray[Any]:
        return np.fromfile(path, dtype=_DTYPES[storage.kind], count=storage.count, offset=places[storage.key])

    return tree, load


def _tensors_of(tree: Any) -> dict[str, _Tensor]:
    """The tensors of nested containers by their dotted place, in order.

    Containers may be mentioned many times over, so that a small pickle unfolds without end: places are counted.
    """
    found: dict[str, _Tensor] = {}
    waiting = [("", tree)]
    places = 0
    while waiting:
        name, node = waiting.pop()
        places += 1
        if places > MAX_PLACES or len(name) > MAX_NAME:
            raise _RefusedError("its containers are nested without end")
        if isinstance(node, _Tensor):
            found[name] = node
        elif isinstance(node, dict | list | tuple):
            inside = node.items() if isinstance(node, dict) else enumerate(node)
            waiting += reversed([(f"{name}.{key}" if name else str(key), value) for key, value in inside])
    return found


def _cut(tensor: _Tensor, load: _Loader) -> NDArray[Any]:
    """The tensor's own contiguous copy of its part of the storage."""
    storage = load(tensor.storage)
    numbers = 1
    last = tensor.offset
    for length, stride in zip(tensor.shape, tensor.strides, strict=True):
        if length < 0 or stride < 0:
            raise _RefusedError("a tensor has a negative size")
        numbers *= length
        last += max(length - 1, 0) * stride
    if tensor.offset < 0 or numbers > storage.size or (numbers and last >= storage.size):
        raise _RefusedError("a tensor reaches beyond its data")
    view = np.lib.stride_tricks.as_strided(
        storage[tensor.offset :], tensor.shape, tuple(step * storage.itemsize for step in tensor.strides)
    )
    array = np.array(view, order="C")
    if tensor.storage.kind == "BFloat16Storage":
        array = (array.astype(np.uint32) << 16).view(np.float32)
    return array


def _interpret(stream: IO[bytes] | mmap.mmap, storages: dict[str, _Storage] | None = None) -> Any:
    """The value of one pickle; `stream` stands behind its last byte afterwards."""
    stack: list[Any] = []
    memo: dict[int, Any] = {}

    def since_mark() -> list[Any]:
        for place in range(len(stack) - 1, -1, -1):
            if isinstance(stack[place], _Mark):
                items = stack[place + 1 :]
                del stack[place:]
                return items
        raise _RefusedError("the pickle is broken")

    argument: Any
    for count, (opcode, argument, _) in enumerate(pickletools.genops(cast("IO[bytes]", stream))):
        if count > MAX_PICKLE_OPCODES:
            raise _RefusedError("the pickle is too long")
        match opcode.name:
            case "PROTO" | "FRAME":
                pass
            case "STOP":
                return stack.pop()
            case "MARK":
                stack.append(_Mark())
            case "NONE":
                stack.append(None)
            case "NEWTRUE":
                stack.append(True)
            case "NEWFALSE":
                stack.append(False)
            case name if name in _LITERALS:
                stack.append(argument)
            case "EMPTY_DICT":
                stack.append({})
            case "EMPTY_LIST":
                stack.append([])
            case "EMPTY_TUPLE":
                stack.append(())
            case "TUPLE":
                stack.append(tuple(since_mark()))
            case "TUPLE1" | "TUPLE2" | "TUPLE3":
                length = int(opcode.name[-1])
                items = tuple(stack[-length:])
                del stack[-length:]
                stack.append(items)
            case "APPEND":
                item = stack.pop()
                stack[-1].append(item)
            case "APPENDS":
                items_ = since_mark()
                stack[-1].extend(items_)
            case "SETITEM":
                value, key = stack.pop(), stack.pop()
                stack[-1][key] = value
            case "SETITEMS":
                pairs = since_mark()
                stack[-1].update(zip(pairs[::2], pairs[1::2], strict=True))
            case "BINPUT" | "LONG_BINPUT":
                memo[argument] = stack[-1]
            case "MEMOIZE":
                memo[len(memo)] = stack[-1]
            case "BINGET" | "LONG_BINGET":
                stack.append(memo[argument])
            case "GLOBAL":
                module, _, name = argument.partition(" ")
                stack.append(_allowed(module, name))
            case "STACK_GLOBAL":
                name, module = stack.pop(), stack.pop()
                stack.append(_allowed(str(module), str(name)))
            case "BINPERSID":
                storage = _storage(stack.pop())
                if storages is not None:
                    storages[storage.key] = storage
                stack.append(storage)
            case "REDUCE":
                arguments, function = stack.pop(), stack.pop()
                stack.append(_rebuild(function, arguments))
            case "BUILD":
                # Attributes of an OrderedDict (`_metadata` of a state dict): nothing that a tensor needs.
                stack.pop()
            case other:
                raise _RefusedError(f"its pickle uses {other}, which no plain checkpoint needs")
    raise _RefusedError("the pickle has no end")


def _allowed(module: str, name: str) -> _Global:
    known = (
        (module == "collections" and name == "OrderedDict")
        or (module == "torch._utils" and name in _REBUILDERS)
        or (module == "torch" and name in _DTYPES)
    )
    if not known:
        raise _RefusedError(f"its pickle asks for {module}.{name}, which is not part of a plain checkpoint")
    return _Global(module, name)


def _storage(identity: Any) -> _Storage:
    """`("storage", torch.FloatStorage, "0", "cpu", 1024[, view])` as torch writes it."""
    if (
        not isinstance(identity, tuple)
        or len(identity) < 5
        or identity[0] != "storage"
        or not isinstance(identity[1], _Global)
        or identity[1].name not in _DTYPES
        or not isinstance(identity[4], int)
        or identity[4] < 0
        or (len(identity) > 5 and identity[5] is not None)
    ):
        raise _RefusedError("a tensor's data is described in an unknown way")
    return _Storage(identity[1].name, str(identity[2]), identity[4])


def _rebuild(function: Any, arguments: Any) -> Any:
    if not isinstance(function, _Global) or not isinstance(arguments, tuple):
        raise _RefusedError("the pickle is broken")
    if function.name == "OrderedDict":
        return dict(arguments[0]) if arguments else {}
    if function.name == "_rebuild_parameter":
        if not isinstance(arguments[0], _Tensor):
            raise _RefusedError("the pickle is broken")
        return arguments[0]
    if function.name in _REBUILDERS:
        storage, offset, shape, strides = arguments[:4]
        if not isinstance(storage, _Storage) or not all(isinstance(n, int) for n in (offset, *shape, *strides)):
            raise _RefusedError("the pickle is broken")
        return _Tensor(storage, offset, tuple(shape), tuple(strides))
    raise _RefusedError(f"its pickle calls {function.module}.{function.name}")
