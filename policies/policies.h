/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * From facts to claims: policies, their evaluation over document and graph, and the findings.
 *
 * A policy is data: YAML in the dialect of checkov's custom policies and its extensions
 * (docs/policies/). The built-in catalogue is compiled into the binary by the same code that loads
 * the files of users. Evaluation is three-valued: pass, fail, undecided.
 */
#ifndef TFR_POLICIES_H
#define TFR_POLICIES_H

#include "graph/graph.h"

#include <stdio.h>

/* ---- words -------------------------------------------------------------------------------------
 */

enum tfr_severity {
    TFR_SEVERITY_NONE,
    TFR_INFO,
    TFR_P2,
    TFR_P1,
    TFR_P0
}; /* ascending: compare with < */
enum tfr_environment { TFR_PRODUCTION, TFR_STAGING, TFR_DEVELOPMENT };
#define TFR_ENVIRONMENT_COUNT 3
enum tfr_category {
    TFR_SECURITY,
    TFR_RELIABILITY,
    TFR_CHANGE_SAFETY,
    TFR_OPERATIONS,
    TFR_PERFORMANCE,
    TFR_HYGIENE,
    TFR_DOCUMENTATION,
};
#define TFR_CATEGORY_COUNT 7
enum tfr_result { TFR_SKIPPED, TFR_PASS, TFR_FAIL, TFR_UNDECIDED };
enum tfr_finding_state { TFR_OPEN, TFR_COSMETIC, TFR_WAIVED, TFR_STATE_UNDECIDED };
enum tfr_undecided {
    TFR_UNDECIDED_REPORT,
    TFR_UNDECIDED_FAIL,
    TFR_UNDECIDED_PASS,
    TFR_UNDECIDED_BLOCK /* report it; one that could be a P0 is a NO-GO */
};                      /* what it counts as */
enum tfr_policy_mode {
    TFR_MODE_TRUE,
    TFR_MODE_CHECKOV
}; /* true edges, or checkov's, bug for bug */

const char *tfr_severity_name(enum tfr_severity severity);          /* "P0", "info", "none" */
const char *tfr_environment_name(enum tfr_environment environment); /* "production" ... */
const char *tfr_category_name(enum tfr_category category); /* "Security", "Change safety" ... */
const char *tfr_result_name(enum tfr_result result);       /* "pass" ... */
const char *tfr_finding_state_name(enum tfr_finding_state state); /* "open" ... */
/** Reads production, staging, development and their usual short forms. @return false if it is none
 */
bool tfr_environment_parse(const char *text, enum tfr_environment *out) TFR_CHECKED;

/* ---- policies ----------------------------------------------------------------------------------
 */

/** What a program or analyser reads: opaque here, made by the loader. */
struct tfr_program;

/** One policy. Built-in ones are constants of the program; loaded ones live in the arena of their
 * set. */
struct tfr_policy {
    const char *id;    /* TFR-CHG-001 */
    const char *title; /* the name: what is wrong, a few words */
    enum tfr_category category;
    uint8_t severity[TFR_ENVIRONMENT_COUNT]; /* enum tfr_severity; NONE: not raised there */
    const char *why;    /* one sentence: what happens otherwise; may be NULL in policies of users */
    const char *fix;    /* one sentence: what to do; may be NULL */
    const char *verify; /* a command that shows it on the live system, or NULL */
    const char *const *maps_to; /* ids of other scanners, ends with NULL; or NULL */
    const char *source;         /* "built-in" or the file it came from */
    const struct tfr_program *program;
    /* The severity is the user's: nothing raises or lowers it for a subject. */
    bool severity_is_set[TFR_ENVIRONMENT_COUNT];
};

struct tfr_policies; /* an ordered set of policies, unique ids */

/** An empty set. @return yours, end it with tfr_policies_free() */
struct tfr_policies *tfr_policies_new(void);
void tfr_policies_free(struct tfr_policies *policies);
/** Adds the built-in catalogue. Costs nothing but a pointer per policy. */
void tfr_policies_add_builtin(struct tfr_policies *policies);
/** Adds every .yaml, .yml and .json file below a directory (or one file), in byte order of the
 * paths. Errors: TFR_E_IO; TFR_E_SYNTAX, TFR_E_SCHEMA with file, line and column; TFR_E_LIMIT.
 * Nothing is skipped in silence. */
bool tfr_policies_load(struct tfr_policies *policies, const char *path,
                       struct tfr_error *err) TFR_CHECKED;
/** Keeps only policies that match one of the globs in `check` (all if there are none) and none in
 * `skip`. Error: TFR_E_USAGE if a glob matches no policy. */
bool tfr_policies_select(struct tfr_policies *policies, const char *const *check,
                         size_t check_count, const char *const *skip, size_t skip_count,
                         struct tfr_error *err) TFR_CHECKED;
size_t tfr_policies_count(const struct tfr_policies *policies);
const struct tfr_policy *tfr_policies_at(const struct tfr_policies *policies, size_t index);
const struct tfr_policy *tfr_policies_find(const struct tfr_policies *policies, const char *id);

/* ---- configuration -----------------------------------------------------------------------------
 */

/** One `key: value` of a configuration file whose meaning the caller knows. */
struct tfr_setting {
    const char *key, *text; /* arena of the configuration */
    uint32_t line, column;  /* of the value, from 1 */
};

struct tfr_config; /* a configuration file, read */
/** An empty one. @return yours, end it with tfr_config_free() */
struct tfr_config *tfr_config_new(void);
void tfr_config_free(struct tfr_config *config);
/** Reads a file into an empty configuration. @param settings keys that the caller knows, ends with
 * NULL; any other key but the sections disabled, severities, stateful, environments and profile is
 * refused. Errors: TFR_E_IO; TFR_E_SYNTAX "config.syntax", TFR_E_SCHEMA "config.schema" with file,
 * line, column. */
bool tfr_config_load(struct tfr_config *config, const char *path, const char *const *settings,
                     struct tfr_error *err) TFR_CHECKED;
/** Reads a profile from a file of its own: what a reviewer knows and no document says. It takes the
 * place of the section `profile`. Errors as above. */
bool tfr_config_load_profile(struct tfr_config *config, const char *path,
                             struct tfr_error *err) TFR_CHECKED;
/** The settings, in the order of the file. Borrowed. */
const struct tfr_setting *tfr_config_settings(const struct tfr_config *config, size_t *count);
/** Takes policies out of a set that are off, and changes severities. Error: TFR_E_SCHEMA
 * "config.policy" for an id that is none. */
bool tfr_config_apply(struct tfr_config *config, struct tfr_policies *policies,
                      struct tfr_error *err) TFR_CHECKED;
/** What tfr_config_apply() did, one sentence each with file and line: it stands in every report.
 * Borrowed, ends with NULL, never NULL itself; `config` may be NULL. */
const char *const *tfr_config_remarks(const struct tfr_config *config, size_t *count);
/** tfr_environment_parse(), and the user's names of environments. `config` may be NULL. */
bool tfr_config_environment(const struct tfr_config *config, const char *text,
                            enum tfr_environment *out) TFR_CHECKED;

/* ---- environment -------------------------------------------------------------------------------
 */

struct tfr_environment_guess {
    enum tfr_environment environment;
    char source[160]; /* "--env", "variable environment", "tags Environment on 41 of 44 resources",
                         "nothing says otherwise"; names only, no values */
};
/** Finds the environment of a document: variables, tags, name tokens; production if nothing says
 * so. @param config the user's names of environments, or NULL */
void tfr_environment_of(const struct tfr_document *document, const struct tfr_config *config,
                        struct tfr_environment_guess *out);

/* ---- findings ----------------------------------------------------------------------------------
 */

enum tfr_evidence_kind {
    TFR_EVIDENCE_ATTRIBUTE,
    TFR_EVIDENCE_EDGE,
    TFR_EVIDENCE_ABSENCE,
    TFR_EVIDENCE_ACTION
};
struct tfr_evidence {
    enum tfr_evidence_kind kind;
    const char *address;
    const char *path; /* attribute path, or NULL */
    const char *note; /* for people; values only through tfr_value_show(); or NULL */
};

/** What one policy says of one subject. All texts are arena of the findings, or belong to the
 * document or the policies. */
struct tfr_finding {
    const struct tfr_policy *policy;
    enum tfr_severity
        severity; /* in the environment that was judged, after lowering for this subject */
    enum tfr_finding_state state;
    enum tfr_certainty certainty;
    uint32_t place;                      /* of the policy, in the policies of the findings */
    size_t row;                          /* the look that it comes from */
    const struct tfr_resource *resource; /* NULL: the whole document or a module */
    const char *address; /* of the subject: instance, module, or "" for the document */
    const char *message; /* one sentence: what is the matter with this subject */
    const char
        *undecided_because; /* state undecided: the reference or attribute that will decide it */
    const char *group; /* findings with one cause share it, such as a module address; or NULL */
    const char *const *members; /* addresses folded into this finding (module that left); ends with
                                   NULL; or NULL */
    const struct tfr_evidence *evidence;
    size_t evidence_count;
    const struct tfr_blast *blast; /* the subject is destroyed or replaced; NULL: it is not */
    const char *waiver;            /* reason of the waiver, or NULL */
    const char *fingerprint; /* 32 hex digits, stable over index shifts and other resources; "" if
                                it was not asked for */
};

/** How strict a verdict is. Zero is the default. */
struct tfr_strictness {
    bool p1_is_no_go; /* in production, an open P1 is a NO-GO */
    bool undecided_p0_is_no_go;
    int p0_coverage, coverage; /* per cent that production wants; 0: 90 and 60 */
};

/** One look of one policy at one subject: for scores, coverage and --show-passed. There are as many
 * as objects times policies, so a row is small: see tfr_row_policy() and tfr_row_address(). */
struct tfr_verdict_row {
    const struct tfr_resource *resource; /* NULL: the whole document or a module */
    uint32_t policy;                     /* its place in the policies of the findings */
    uint8_t result;                      /* enum tfr_result */
    uint8_t severity;                    /* enum tfr_severity */
    bool named;                          /* its address is another than that of its resource */
};

/** The address of a row that is `named`. */
struct tfr_row_name {
    size_t row;
    const char *address;
};

struct tfr_findings {
    struct tfr_finding *at; /* sorted: severity, then policy, then address (bytes) */
    size_t count;
    struct tfr_verdict_row *rows; /* policy order, then document order; pass, fail and undecided */
    size_t row_count;
    const struct tfr_policy **policies; /* that have rows, in their order */
    size_t policy_count;
    struct tfr_row_name *row_names; /* in the order of the rows */
    size_t row_name_count;
    struct tfr_environment_guess environment;
    struct tfr_strictness strict;
    bool p0_may_be_waived; /* else a waived P0 stands in the way of a GO like an open one */
    struct tfr_arena arena;
};

struct tfr_evaluate_options {
    bool has_environment; /* `environment` is given, not guessed */
    enum tfr_environment environment;
    enum tfr_policy_mode mode;
    enum tfr_undecided undecided;
    struct tfr_strictness strict;
    const struct tfr_config *config; /* stateful types and names of environments, or NULL */
    struct tfr_timing *timing;       /* borrowed, or NULL: a stage for each category */
    bool no_fingerprints;            /* nobody reads them: they stay empty, which costs less */
};

/** Evaluates every policy. Cannot fail: what cannot be decided is undecided.
 *  @param out yours, zeroed; end with tfr_findings_fini(). Borrows document, graph and policies. */
void tfr_evaluate(struct tfr_document *document, const struct tfr_graph *graph,
                  const struct tfr_policies *policies, const struct tfr_evaluate_options *options,
                  struct tfr_findings *out);
void tfr_findings_fini(struct tfr_findings *findings);
/** The policy that looked. */
static inline const struct tfr_policy *tfr_row_policy(const struct tfr_findings *findings,
                                                      const struct tfr_verdict_row *row)
{
    return findings->policies[row->policy];
}
/** What it looked at: instance, module, or "" for the document. `row` is one of the findings'. */
const char *tfr_row_address(const struct tfr_findings *findings, const struct tfr_verdict_row *row);

/* ---- waivers -----------------------------------------------------------------------------------
 */

/** A finding that somebody answers for, until a day. Texts are arena of the set. */
struct tfr_waiver {
    const char *policy,
        *address;      /* globs; an address stands for its instances and what lies in it */
    const char *input; /* glob over names of inputs, or NULL: all */
    const char *owner, *reason;
    const char *expires; /* YYYY-MM-DD, the last day on which it waives */
    bool any_environment;
    enum tfr_environment environment;
    const char *file;
    uint32_t line;
    size_t matched; /* open findings that it stands for */
    bool expired;   /* it would have waived one, but its day is over */
};

struct tfr_waivers;
/** An empty set. @return yours, end it with tfr_waivers_free() */
struct tfr_waivers *tfr_waivers_new(void);
void tfr_waivers_free(struct tfr_waivers *waivers);
/** Adds the waivers of a file. Errors: TFR_E_IO, TFR_E_SYNTAX, TFR_E_SCHEMA with file, line,
 * column. */
bool tfr_waivers_load(struct tfr_waivers *waivers, const char *path,
                      struct tfr_error *err) TFR_CHECKED;
/** Adds a baseline: findings with these fingerprints are not new. Errors as above. */
bool tfr_waivers_load_baseline(struct tfr_waivers *waivers, const char *path,
                               struct tfr_error *err) TFR_CHECKED;
/** The day it is; must be said before waivers are applied. */
void tfr_waivers_set_day(struct tfr_waivers *waivers, const char *day);
/** True for a day of the calendar, written 2026-12-31. */
bool tfr_day_is_valid(const char *text);
/** Turns open findings into waived ones. A waived P0 counts for the verdict only after
 * tfr_waivers_allow_p0(); a baseline holds no P0 before that. */
void tfr_waivers_apply(struct tfr_waivers *waivers, const struct tfr_document *document,
                       struct tfr_findings *findings);
/** Forgets what the waivers stood for so far: `matched` and `expired` of all are those of the
 * documents that follow. */
void tfr_waivers_restart(struct tfr_waivers *waivers);
void tfr_waivers_allow_p0(struct tfr_waivers *waivers);
/** All of them, borrowed. */
const struct tfr_waiver *tfr_waivers_at(const struct tfr_waivers *waivers, size_t *count);

/* ---- for authors of policies -------------------------------------------------------------------
 */

struct tfr_policies_test_options {
    bool complete; /* every policy must have cases: a pass, a fail, an undecided, a near miss */
    enum tfr_policy_mode mode;
};
struct tfr_policies_test_result {
    size_t files, cases;
    size_t different; /* cases that gave something else, and what `complete` misses */
};

/** Runs the case files (NAME.test.yaml) of a directory or file and prints what differs, one line
 * each.
 *  @return false if a file cannot be read or is no case file: TFR_E_IO, TFR_E_SYNTAX, TFR_E_SCHEMA,
 * TFR_E_LIMIT; TFR_E_USAGE if there are no case files */
bool tfr_policies_test(const char *path, const struct tfr_policies_test_options *options, FILE *out,
                       struct tfr_policies_test_result *result, struct tfr_error *err) TFR_CHECKED;

/** Prints what is probably not meant: missing texts, conditions whose answer never changes. @return
 * how many lines */
size_t tfr_policies_lint(const struct tfr_policies *policies, FILE *out);

/** Prints how the first policy of the set answers for one object, condition by condition, and the
 * result.
 *  @return false if no object of the document has this address */
bool tfr_policies_explain(const struct tfr_policies *policies, const char *address,
                          struct tfr_document *document, const struct tfr_graph *graph, FILE *out);

#endif
