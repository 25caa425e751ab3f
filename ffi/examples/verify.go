// Verifies a chain of DER files by libmtls_verify, with cgo: verify CA.pem UNIX_TIME CLIENT.der [ISSUER.der...]
package main

// #cgo pkg-config: mtls_verify
// #include <stdlib.h>
// #include <mtls_verify.h>
import "C"

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"unsafe"
)

func text(s C.mtls_str) string { return C.GoStringN(s.data, C.int(s.len)) }

// refusal copies what an error says, and frees it.
func refusal(err *C.mtls_error) error {
	defer C.mtls_error_free(err)
	return errors.New(text(C.mtls_error_code(err)) + ": " + text(C.mtls_error_message(err)))
}

// subject verifies a chain, the client's certificate first, and says who the client is.
func subject(caPEM []byte, chain [][]byte, unixTime int64) (string, error) {
	var store *C.mtls_store
	var policy *C.mtls_policy
	var client *C.mtls_client
	var err *C.mtls_error
	// Pointers in memory that C reads have to be C's own.
	pem := C.CBytes(caPEM)
	defer C.free(pem)
	if C.mtls_store_from_pem((*C.uint8_t)(pem), C.size_t(len(caPEM)), &store, &err) != C.MTLS_RESULT_OK {
		return "", refusal(err)
	}
	defer C.mtls_store_free(store)
	if C.mtls_policy_new(&policy) != C.MTLS_RESULT_OK {
		return "", errors.New("no policy")
	}
	defer C.mtls_policy_free(policy)

	buffers := (*C.mtls_bytes)(C.calloc(C.size_t(len(chain)+1), C.sizeof_mtls_bytes))
	defer C.free(unsafe.Pointer(buffers))
	array := unsafe.Slice(buffers, len(chain)+1)
	for i, der := range chain {
		copied := C.CBytes(der)
		defer C.free(copied)
		array[i].data, array[i].len = (*C.uint8_t)(copied), C.size_t(len(der))
	}
	if C.mtls_verify_client_chain(store, buffers, C.size_t(len(chain)), C.int64_t(unixTime), policy, &client, &err) != C.MTLS_RESULT_OK {
		return "", refusal(err)
	}
	defer C.mtls_client_free(client)
	var name C.mtls_str
	if C.mtls_client_subject(client, &name) != C.MTLS_RESULT_OK {
		return "", errors.New("the client cannot be read")
	}
	return text(name), nil
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "verify CA.pem UNIX_TIME CLIENT.der [ISSUER.der...]")
		os.Exit(2)
	}
	unixTime, err := strconv.ParseInt(os.Args[2], 10, 64)
	var files [][]byte
	for _, path := range append([]string{os.Args[1]}, os.Args[3:]...) {
		var file []byte
		if err == nil {
			file, err = os.ReadFile(path)
		}
		files = append(files, file)
	}
	var name string
	if err == nil {
		name, err = subject(files[0], files[1:], unixTime)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(name, "may come in")
}
