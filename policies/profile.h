/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a reviewer knows and the document does not say: which components there must be, what each
 * service needs, how long things are kept, which documentation exists. The user writes it, as the
 * section `profile` of the configuration or as a file of its own (docs/profile.md). Without one
 * every question here has the answer "nobody said so".
 */
#ifndef TFR_POLICIES_PROFILE_H
#define TFR_POLICIES_PROFILE_H

#include "policies/policies.h"
#include "policies/yaml.h"

/* One environment variable that a service needs. */
struct tfr_profile_variable {
    const char *name;
    const char *const *values; /* one of these; ends with NULL; NULL: any value */
    const char *pattern;       /* a regular expression that is found in the value, or NULL */
};

struct tfr_profile_service {
    const char *name; /* of the service, or of the family of its task definition; a glob */
    const struct tfr_profile_variable *required;
    size_t required_count;
    const char *const *forbidden; /* names of variables, ends with NULL; or NULL */
    uint8_t severity;             /* of what is missing; TFR_SEVERITY_NONE: as the policy says */
};

/* A component that the stack must have. */
struct tfr_profile_component {
    const char *name;         /* as the user calls it: a kind of the list "components", or any */
    const char *const *types; /* types that count, ends with NULL; NULL: those of the kind `name` */
    const char *named;        /* glob over names of the objects, or NULL */
    uint8_t severity;         /* TFR_SEVERITY_NONE: as the policy says */
    const char *place;        /* file and line, for people */
};

/* Documentation that somebody answers for. */
struct tfr_profile_document {
    const char *topic;
    const char *where; /* NULL: it is known to be missing */
};

struct tfr_profile {
    bool has_environment;
    enum tfr_environment environment;
    const struct tfr_profile_service *services;
    size_t service_count;
    const struct tfr_profile_component *components;
    size_t component_count;
    const struct tfr_profile_document *documents;
    size_t document_count;
    const struct tfr_profile_threshold *thresholds;
    size_t threshold_count;
};

/* A number that the user sets; see tfr_profile_number(). */
struct tfr_profile_threshold {
    const char *name;
    long long value;
};

/* Reads one member of a profile into `profile`. Texts are borrowed from the tree, arrays are the
 * arena of the file. */
bool tfr_profile_member(const struct tfr_yaml_file *file, struct tfr_profile *profile,
                        const struct tfr_yaml *key, const struct tfr_yaml *value,
                        struct tfr_error *err) TFR_CHECKED;

/* A threshold, or `fallback` if nobody sets it. `profile` may be NULL. */
long long tfr_profile_number(const struct tfr_profile *profile, const char *name,
                             long long fallback);
/* What a policy compares with: its value, or of {threshold: NAME, default: N} the number that the
 * profile sets, else N. @param text holds that number */
#define TFR_PROFILE_DIGITS 24
struct tfr_value tfr_profile_value(const struct tfr_profile *profile, const struct tfr_value *value,
                                   char text[TFR_PROFILE_DIGITS]);
/* The service of this name, NULL if there is none. `profile` may be NULL. */
const struct tfr_profile_service *tfr_profile_service(const struct tfr_profile *profile,
                                                      const char *name);

#endif
