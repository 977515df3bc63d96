"""Millrace's history for pandas: its files, the hashes in them, packed feature vectors, and the rows of a model's table.

docs/python.md describes all of it. Needs pandas and xxhash, and one of pyarrow, duckdb (the package) or DuckDB's library,
whose file the variable DUCKDB_LIBRARY names.
"""

import ctypes
import glob
import json
import os
import struct
import tempfile

import pandas as pd
import xxhash

MASK = (1 << 64) - 1
CONSTANT = 0x6D696C6C72616365


def signed(number):
    """64 bits as they stand in columns: hashes are signed there."""
    return number - (1 << 64) if number >> 63 else number


def unsigned(number):
    return number & MASK


# Hashes

def feature_hash(field, value):
    """What a categorical value is in a feature column."""
    return xxhash.xxh3_64_intdigest(value.encode(), seed=xxhash.xxh3_64_intdigest(field.encode()))


def combine(before, following):
    """The id of a combination, from the id of what stands before and the next part's."""
    h = (before * 0x9E3779B97F4A7C15 + following) & MASK
    h = (h ^ h >> 33) * 0xFF51AFD7ED558CCD & MASK
    h = (h ^ h >> 33) * 0xC4CEB9FE1A85EC53 & MASK
    return h ^ h >> 33


def row(seed, bits, id, first=0):
    """The row of a model's table at which an id is learned; 'first' is that of the first feature."""
    return first + (combine(unsigned(seed), id) >> (64 - bits))


def join_key(request_id):
    """The key at which a decision and its feedback meet, from the caller's own id."""
    return xxhash.xxh3_64_intdigest(request_id.encode()) & ((1 << 62) - 1)


def draw(seed, decision_id, slot):
    """The draw by which a label of 0 becomes an example or not, from 0 to 1."""
    digest = xxhash.xxh3_64_intdigest("{}/{}".format(decision_id, slot).encode(), seed=unsigned(seed))
    return (digest >> 11) * 2.0**-53


# Files

def read(directory, table):
    """A table of the history, all days of it, with columns that can be missing as pandas' nullable types.

    Nullable types matter: a column of 64-bit hashes with one value missing would else be of floats, and no hash right.
    """
    files = sorted(glob.glob(os.path.join(glob.escape(directory), table, "day=*", "*.parquet")))
    if not files:
        raise FileNotFoundError("{}: no files of {} (expected: day=*/*.parquet)".format(directory, table))
    try:
        import pyarrow
        import pyarrow.parquet as parquet
    except ImportError:
        pyarrow = None
    if pyarrow is None:
        return _by_duckdb(files)
    # Columns come and go with the spec: those of all files count.
    whole = pyarrow.concat_tables([parquet.read_table(file) for file in files], promote_options="default")
    return whole.to_pandas(types_mapper=_nullable(pyarrow).get)


def _nullable(pyarrow):
    return {
        pyarrow.int32(): pd.Int32Dtype(),
        pyarrow.int64(): pd.Int64Dtype(),
        pyarrow.bool_(): pd.BooleanDtype(),
        pyarrow.string(): pd.StringDtype(),
    }


def _by_duckdb(files):
    """DuckDB reads Parquet, and writes a line of JSON for each row, which loses nothing that stands in a history."""
    names = ", ".join("'" + name.replace("'", "''") + "'" for name in files)
    scan = "read_parquet([{}], union_by_name = true, hive_partitioning = false)".format(names)
    with tempfile.TemporaryDirectory() as scratch:
        rows, types = os.path.join(scratch, "rows"), os.path.join(scratch, "types")
        _duckdb(
            "COPY (SELECT * FROM {}) TO '{}' (FORMAT json)".format(scan, rows),
            "COPY (SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {})) TO '{}' (FORMAT json)".format(
                scan, types),
        )
        kinds = {line["column_name"]: line["column_type"] for line in _lines(types)}
        values = _lines(rows)
    frame = {}
    for name, kind in kinds.items():
        column = [value.get(name) for value in values]
        if kind == "TIMESTAMP WITH TIME ZONE":
            frame[name] = pd.to_datetime(pd.Series(column, dtype=object), utc=True)
        else:
            frame[name] = pd.Series(column, dtype=_OF_DUCKDB.get(kind, object))
    return pd.DataFrame(frame)


def _lines(file):
    with open(file, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


_OF_DUCKDB = {
    "INTEGER": "Int32", "BIGINT": "Int64", "FLOAT": "float32", "DOUBLE": "float64", "BOOLEAN": "boolean",
    "VARCHAR": "string",
}


def _duckdb(*statements):
    statements = ("SET TimeZone = 'UTC'",) + statements
    try:
        import duckdb
    except ImportError:
        duckdb = None
    if duckdb is None:
        _duckdb_library(statements)
        return
    connection = duckdb.connect()
    for statement in statements:
        connection.execute(statement)


def _duckdb_library(statements):
    path = os.environ.get("DUCKDB_LIBRARY")
    if not path:
        raise ImportError("no reader of Parquet (expected: pyarrow, duckdb, or DuckDB's library in DUCKDB_LIBRARY)")
    library = ctypes.CDLL(path)
    library.duckdb_result_error.restype = ctypes.c_char_p
    database, connection = ctypes.c_void_p(), ctypes.c_void_p()
    if library.duckdb_open(None, ctypes.byref(database)) or library.duckdb_connect(database, ctypes.byref(connection)):
        raise OSError("{}: did not open".format(path))
    try:
        for statement in statements:
            result = (ctypes.c_uint64 * 16)()
            if library.duckdb_query(connection, statement.encode(), ctypes.byref(result)):
                raise ValueError(library.duckdb_result_error(ctypes.byref(result)).decode())
            library.duckdb_destroy_result(ctypes.byref(result))
    finally:
        library.duckdb_disconnect(ctypes.byref(connection))
        library.duckdb_close(ctypes.byref(database))


# Packed feature vectors

def unpack(packed, sections):
    """A vector that stands in packed_features: of another feature set than the history's.

    'sections' are the shared features and the candidate's, each a list of (name, kind) in order. Returns what is present.
    """
    features, at = {}, 0
    for section in sections:
        present, at = packed[at:at + (len(section) + 7) // 8], at + (len(section) + 7) // 8
        for i, (name, kind) in enumerate(section):
            if present[i // 8] >> i % 8 & 1:
                features[name], at = _position(packed, at, kind)
    if at != len(packed):
        raise ValueError("{} bytes left over (expected: a vector of these features)".format(len(packed) - at))
    return features


def _position(packed, at, kind):
    if kind == "numeric":
        return struct.unpack_from("<f", packed, at)[0], at + 4
    if kind == "categorical":
        return struct.unpack_from("<q", packed, at)[0], at + 8
    count, shift = 0, 0
    while True:
        byte, at = packed[at], at + 1
        count |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    element = {"categorical_set": "q", "sequence": "q", "embedding": "f", "weighted_set": "qf"}[kind]
    values = struct.unpack_from("<" + element * count, packed, at)
    at += struct.calcsize("<" + element) * count
    if kind == "weighted_set":
        return dict(zip(values[::2], values[1::2])), at
    return list(values), at


# Weights

def weights(file):
    """What 'millrace model export' wrote: what its first line says, and the rows by their numbers."""
    with open(file) as lines:
        about = dict(part.split("=", 1) for part in lines.readline().lstrip("# ").split())
    return about, pd.read_csv(file, comment="#", index_col="row", dtype={"row": "int64"}).astype("float32")
