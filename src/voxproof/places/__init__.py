"""Where datasets lie: paths of this computer and addresses of stores (`s3://`, `gs://`, `https://`), asked alike.

Only the commands on datasets and `voxproof detect` open addresses. Whatever takes a path from strangers (the server,
`voxproof.clone`, `read_audio`) sees a name with colons in it and finds no such file.
"""

from voxproof.places.access import AddressError, DeniedError, MissingError, UnreachableError
from voxproof.places.address import Address, Place, beside, is_address, place
from voxproof.places.copying import brought, copy_whole, fetched, write_whole
from voxproof.places.hashing import hash_of

__all__ = [
    "Address",
    "AddressError",
    "DeniedError",
    "MissingError",
    "Place",
    "UnreachableError",
    "beside",
    "brought",
    "copy_whole",
    "fetched",
    "hash_of",
    "is_address",
    "place",
    "write_whole",
]
