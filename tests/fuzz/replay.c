/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target over the files of folders: the seeds are a test also where there is no
 * libFuzzer. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
    static uint8_t bytes[1 << 20];
    FILE *stream = fopen(path, "rb");
    size_t size;

    if (stream == NULL)
        return 1;
    size = fread(bytes, 1, sizeof bytes, stream);
    (void)fclose(stream);
    /* Every prefix of a small seed: cut short, it must end cleanly as well. */
    for (size_t len = size < 600 ? 0 : size; len <= size; len++)
        (void)LLVMFuzzerTestOneInput(bytes, len);
    return 0;
}

static int replay_folder(const char *folder)
{
    DIR *stream = opendir(folder);
    const struct dirent *entry;
    char path[4096];
    int failed = 0;

    if (stream == NULL)
        return 1;
    while ((entry = readdir(stream)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        failed |= replay(path);
    }
    (void)closedir(stream);
    return failed;
}

int main(int argc, char **argv)
{
    int failed = argc < 2;

    for (int i = 1; i < argc; i++)
        failed |= replay_folder(argv[i]);
    return failed;
}
