/* What the C tests have in common: checks that end the program, and files. */
#ifndef CHECK_H
#define CHECK_H

#include <mtls_verify.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                         \
    do {                                                                         \
        if (!(condition)) {                                                      \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);      \
            exit(1);                                                             \
        }                                                                        \
    } while (0)

/* That a call comes to a result. */
#define GIVES(expected, call)                                                    \
    do {                                                                         \
        unsigned long got_ = (unsigned long)(call);                              \
        if (got_ != (unsigned long)(expected)) {                                 \
            fprintf(stderr, "%s:%d: %s gives %lu, not %s\n", __FILE__, __LINE__, \
                    #call, got_, #expected);                                     \
            exit(1);                                                             \
        }                                                                        \
    } while (0)

#define OK(call) GIVES(MTLS_RESULT_OK, call)

static inline int is_text(mtls_str text, const char *expected)
{
    return text.len == strlen(expected) && strcmp(text.data, expected) == 0;
}

/* A file below a folder, to be freed by free(). */
static inline mtls_bytes read_file(const char *folder, const char *name)
{
    char path[4096];
    FILE *file;
    long size;
    uint8_t *data;
    mtls_bytes bytes;

    CHECK(snprintf(path, sizeof path, "%s/%s", folder, name) < (int)sizeof path);
    file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    CHECK(fseek(file, 0, SEEK_END) == 0);
    size = ftell(file);
    CHECK(size >= 0 && fseek(file, 0, SEEK_SET) == 0);
    data = (uint8_t *)malloc((size_t)size + 1);
    CHECK(data != NULL);
    CHECK(fread(data, 1, (size_t)size, file) == (size_t)size);
    CHECK(fclose(file) == 0);
    bytes.data = data;
    bytes.len = (size_t)size;
    return bytes;
}

static inline void free_bytes(mtls_bytes bytes)
{
    free((void *)(uintptr_t)bytes.data);
}

#endif
