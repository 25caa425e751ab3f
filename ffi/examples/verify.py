"""Verifies a chain of DER files by libmtls_verify, with ctypes: verify.py LIBRARY CA.pem UNIX_TIME CLIENT.der [ISSUER.der...]"""
import ctypes, sys
from pathlib import Path
from ctypes import POINTER, Structure, byref, c_char, c_int64, c_size_t, c_ubyte, c_uint32, c_void_p, string_at

class Bytes(Structure):
    _fields_ = [("data", POINTER(c_ubyte)), ("len", c_size_t)]

class Str(Structure):
    _fields_ = [("data", POINTER(c_char)), ("len", c_size_t)]
    def __str__(self): return string_at(self.data, self.len).decode()

def load(path):
    lib = ctypes.CDLL(path)
    handle, out = c_void_p, POINTER(c_void_p)
    for name, result, *arguments in [
        ("store_from_pem", c_uint32, ctypes.c_char_p, c_size_t, out, out), ("store_free", c_uint32, handle),
        ("policy_new", c_uint32, out), ("policy_free", c_uint32, handle),
        ("verify_client_chain", c_uint32, handle, POINTER(Bytes), c_size_t, c_int64, handle, out, out),
        ("client_subject", c_uint32, handle, POINTER(Str)), ("client_valid_until", c_uint32, handle, POINTER(c_int64)),
        ("client_free", c_uint32, handle),
        ("error_code", Str, handle), ("error_message", Str, handle), ("error_free", c_uint32, handle),
    ]:
        function = getattr(lib, "mtls_" + name)
        function.restype, function.argtypes = result, arguments
    return lib

def main(library, ca_path, time, *chain_paths):
    lib, store, policy, client, error = load(library), c_void_p(), c_void_p(), c_void_p(), c_void_p()
    ca, ders, now = Path(ca_path).read_bytes(), [Path(path).read_bytes() for path in chain_paths], int(time)
    if c_int64(now).value != now:  # ctypes would cut it down to a time that may be any.
        return f"{now} is no time"
    chain = (Bytes * len(ders))(*[Bytes((c_ubyte * len(der)).from_buffer_copy(der), len(der)) for der in ders])
    try:
        if (lib.mtls_store_from_pem(ca, len(ca), byref(store), byref(error)) or lib.mtls_policy_new(byref(policy))
                or lib.mtls_verify_client_chain(store, chain, len(ders), now, policy, byref(client), byref(error))):
            return f"{lib.mtls_error_code(error)}: {lib.mtls_error_message(error)}"
        subject, until = Str(), c_int64()
        if lib.mtls_client_subject(client, byref(subject)) or lib.mtls_client_valid_until(client, byref(until)):
            return "the client cannot be read"
        print(f"{subject} may come in until {until.value}")
    finally:
        for kind, object in ("client", client), ("error", error), ("policy", policy), ("store", store):
            getattr(lib, f"mtls_{kind}_free")(object)

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) > 3 else __doc__)
