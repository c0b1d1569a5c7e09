/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * From claims to words: the score, the verdict, and one model that every output format arranges.
 *
 * The model copies what it needs when a document is added, so documents can be freed one by one. It
 * holds texts, numbers and nothing that could be a value of an attribute, except what
 * tfr_value_show() wrote.
 */
#ifndef TFR_REPORT_H
#define TFR_REPORT_H

#include "policies/policies.h"

enum tfr_verdict {
    TFR_VERDICT_NONE,
    TFR_GO,
    TFR_CONDITIONAL_GO,
    TFR_NO_GO
}; /* ascending: worse is larger */

/** Exit codes, written once. cli/ alone returns them. */
enum tfr_exit {
    TFR_EXIT_GO = 0,
    TFR_EXIT_NO_GO = 1,
    TFR_EXIT_ERROR = 2,
    TFR_EXIT_CONDITIONAL = 3,
    TFR_EXIT_NOTHING = 4
};

/** One point-losing policy of a category, in hundredths of a point. */
struct tfr_ledger_row {
    const char *policy;
    int points; /* negative */
    uint32_t failing, applicable;
    enum tfr_finding_state state; /* the worst that counts here */
};

struct tfr_category_score {
    enum tfr_category category;
    bool assessed;
    int score; /* hundredths of ten: 0 to 1000 */
    int weight;
    uint32_t decided, applicable; /* weighted looks: coverage */
    const struct tfr_ledger_row *ledger;
    size_t ledger_count;
};

struct tfr_score {
    bool given;     /* false: nothing to assess */
    int overall;    /* 0 to 100 */
    int worst_case; /* every undecided look taken as fail */
    int cap;        /* the verdict's cap that was applied, or -1 */
    struct tfr_category_score categories[TFR_CATEGORY_COUNT];
    int coverage_percent, p0_coverage_percent;
};

struct tfr_counts {
    uint32_t create, update, delete_, replace, read, no_op, forget, other, total;
    uint32_t import, move, drifted, outputs;
};

/** A finding in words. */
struct tfr_report_finding {
    size_t input; /* index of its input */
    const char *policy, *title, *why, *fix, *verify;
    const char *const *maps_to; /* ends with NULL; or NULL */
    enum tfr_severity severity;
    enum tfr_category category;
    enum tfr_finding_state state;
    enum tfr_certainty certainty;
    const char *address, *type, *provider, *action; /* "" or NULL where there is none */
    const char *message, *undecided_because, *group, *waiver;
    const char *const *members; /* ends with NULL; or NULL */
    const struct tfr_evidence *evidence;
    size_t evidence_count;
    bool has_blast;
    uint32_t blast_direct, blast_total, blast_also_changed;
    const char *const *blast_addresses; /* the first ones, ends with NULL */
    const char *fingerprint;
};

struct tfr_report_row {
    size_t input;
    const char *policy, *address;
    enum tfr_result result;
};

struct tfr_report_input {
    const char *name, *member;   /* member: NULL if none */
    enum tfr_document_kind kind; /* 0: not read */
    enum tfr_product product;
    const char *product_version, *format_version;
    uint64_t bytes;
    enum tfr_tristate applyable, complete, errored;
    size_t resources;
    const struct tfr_note *notes;
    size_t note_count;
    struct tfr_environment_guess environment;
    struct tfr_counts counts;
    struct tfr_score score;
    enum tfr_verdict verdict;
    enum tfr_exit exit_code;
    const char *const *reasons; /* ends with NULL; of an unreadable one too */
    size_t passed;              /* looks that found nothing wrong */
    uint32_t graph_nodes, graph_edges, unresolved;
    uint32_t blast; /* live resources that depend on what is destroyed or replaced */
    bool has_error;
    struct tfr_error error; /* why it was not read */
};

enum tfr_waiver_state { TFR_WAIVER_USED, TFR_WAIVER_UNUSED, TFR_WAIVER_EXPIRED };

struct tfr_report_waiver {
    const char *policy, *address, *owner, *reason, *expires, *file;
    uint32_t line;
    size_t matched; /* findings */
    enum tfr_waiver_state state;
};

struct tfr_report_skipped {
    const char *name, *member, *why;
};

/** Everything a writer may use. It ends with the report, all but the lists in its arena. */
struct tfr_report {
    enum tfr_verdict verdict;   /* the worst of the inputs; NONE if any could not be read */
    enum tfr_exit exit_code;    /* before --fail-on and --soft-fail */
    const char *const *reasons; /* why, in words; ends with NULL */
    size_t worst_input;         /* the input whose score and environment stand for the whole */
    struct tfr_counts counts;   /* of all inputs */
    struct tfr_report_input *inputs;
    size_t input_count;
    const char *const *configuration; /* what it switches off or changes; ends with NULL */
    const char *const *remarks;       /* the same, and waivers that are expired or without use */
    size_t remark_count;
    struct tfr_report_waiver *waivers;
    size_t waiver_count;
    struct tfr_report_skipped *skipped;
    size_t skipped_count;
    struct tfr_report_finding *findings; /* severity, policy, address, input */
    size_t finding_count;
    size_t *groups; /* where those in a row that say the same of other subjects begin: same policy,
                       severity and state; finding_count behind the last one */
    size_t group_count;
    struct tfr_report_row *rows;
    size_t row_count;
    size_t policies_loaded, policies_evaluated;
    const char *const *policy_sources; /* ends with NULL */
    struct tfr_arena arena;
};

struct tfr_report_options {
    bool keep_rows;                    /* --show-passed */
    bool before_apply;                 /* a state gets a note: it says nothing of an apply */
    const struct tfr_waivers *waivers; /* told about at the end, or NULL */
    const struct tfr_config *config;   /* its remarks stand in the report; or NULL */
    const struct tfr_policies *policies;
};

struct tfr_report_builder;
/** @return yours, end it with tfr_report_finish() */
struct tfr_report_builder *tfr_report_new(const struct tfr_report_options *options);
/** Judges one document: score, verdict.
 *  @param lasting document, graph and findings end after the report: it borrows. Else it copies
 * what it needs. */
void tfr_report_add(struct tfr_report_builder *builder, const struct tfr_document *document,
                    const struct tfr_graph *graph, const struct tfr_findings *findings,
                    bool lasting);
/** An input that could not be read. */
void tfr_report_add_error(struct tfr_report_builder *builder, const char *name, const char *member,
                          const struct tfr_error *error);
void tfr_report_add_skipped(struct tfr_report_builder *builder, const char *name,
                            const char *member, const char *why);
/** Sorts, counts, decides. @return yours, end it with tfr_report_free() */
struct tfr_report *tfr_report_finish(struct tfr_report_builder *builder);
void tfr_report_free(struct tfr_report *report);

/* ---- writers --------------------------------------------------------------------------- */

struct tfr_style {
    bool color;
    bool ascii;
    unsigned width; /* columns; 0: 100 */
    bool show_passed;
    bool quiet;   /* verdict line only */
    bool summary; /* text: a line per policy instead of its findings */
};

/** A format: one file, one row in formats.c. */
struct tfr_format {
    const char *name;
    const char *summary; /* for --help */
    void (*write)(const struct tfr_report *report, const struct tfr_style *style, FILE *out);
    bool fingerprints; /* it shows those of the findings */
};
/** The format of that name, or NULL. */
const struct tfr_format *tfr_format_find(const char *name);
/** All of them, ends with a NULL name. */
const struct tfr_format *tfr_formats(void);

/** Writes the open findings as a baseline: fingerprints, with policy and address for people. */
void tfr_report_write_baseline(const struct tfr_report *report, FILE *out);

/* ---- comparing ------------------------------------------------------------------------- */

enum tfr_diff_kind { TFR_DIFF_NEW, TFR_DIFF_CHANGED, TFR_DIFF_STILL, TFR_DIFF_FIXED };
#define TFR_DIFF_KINDS 4
enum tfr_diff_form { TFR_DIFF_TEXT, TFR_DIFF_MARKDOWN, TFR_DIFF_JSON };
/** @return false if there is no form of that name */
bool tfr_diff_form_find(const char *name, enum tfr_diff_form *out);

/** One of the two that are compared, borrowed during the call. */
struct tfr_diff_input {
    const struct tfr_buf *report;     /* JSON */
    const struct tfr_document *state; /* NULL: it is none, or that is not known */
};

struct tfr_diff; /* two reports side by side, finding by finding; of two states their objects too */
/** @return yours, end it with tfr_diff_free(); NULL with
 * TFR_E_SCHEMA "diff.report" if one is no report, or one without a verdict */
struct tfr_diff *tfr_diff_new(const struct tfr_diff_input *old, const struct tfr_diff_input *now,
                              struct tfr_error *err);
void tfr_diff_free(struct tfr_diff *diff);
/** True if an open finding above info is new, graver than before, or no longer accepted. */
bool tfr_diff_is_worse(const struct tfr_diff *diff);
/** @param style for text: quiet is the first line, summary leaves out what is still there */
void tfr_diff_write(const struct tfr_diff *diff, enum tfr_diff_form form,
                    const struct tfr_style *style, FILE *out);

/* ---- audits ---------------------------------------------------------------------------- */

/*
 * An audit is a map and a merge. The map makes one line of JSON of each document; the merge adds
 * lines up, in any order and from any number of runs, to the same result.
 */

struct tfr_audit_options {
    bool across;    /* answer questions across documents: needs memory for each object */
    bool all_rows;  /* keep a row for each document, not only those that a table shows */
    char as_of[11]; /* YYYY-MM-DD, to tell how old left-overs are; "": their age is not told */
};

/** Appends a document's line, without a line end.
 *  @param report of this document alone @param document NULL if it could not be read
 *  @param waivers those that were applied to this document alone, or NULL
 *  @param across with the facts that questions across documents need: addresses, hashes of
 * identities, names of outputs, ranges of networks; no other value */
void tfr_audit_line(const struct tfr_report *report, const struct tfr_document *document,
                    const struct tfr_waivers *waivers, bool across, struct tfr_buf *out);

struct tfr_audit;
/** @return yours, end it with tfr_audit_free() */
struct tfr_audit *tfr_audit_new(const struct tfr_audit_options *options);
/** Adds a line. Error: TFR_E_SCHEMA "audit.line" if it is none. */
bool tfr_audit_add(struct tfr_audit *audit, const char *line, size_t len,
                   struct tfr_error *err) TFR_CHECKED;
/** After the last line: sorts, and answers what stands across documents. */
void tfr_audit_finish(struct tfr_audit *audit);
/** Tells what became of each waiver, behind tfr_audit_finish(). */
void tfr_audit_add_waivers(struct tfr_audit *audit, const struct tfr_waivers *waivers);
/** The worst of all documents, in the order 2, 1, 4, 3, 0. */
enum tfr_exit tfr_audit_exit(const struct tfr_audit *audit);
void tfr_audit_free(struct tfr_audit *audit);

/* ---- history of audits ------------------------------------------------------------------ */

/*
 * A file of SQLite that keeps, per day, a row for each document and each of its findings:
 * addresses, policies, fingerprints, no value of an attribute. What is in it is whole documents,
 * whenever a run was cut off; a second run of a day takes the place of what the first one said of
 * the same documents.
 */

struct tfr_history;
/** Opens a history for writing, making it if it is not there. `day`: YYYY-MM-DD.
 *  @return yours, end it with tfr_history_close(); NULL: TFR_E_IO "history.open", TFR_E_SCHEMA
 *  "history.schema" if it is another program's database, or of another version */
struct tfr_history *tfr_history_open(const char *file, const char *day, struct tfr_error *err);
/** Adds a line. Errors: TFR_E_IO "history.write", those of tfr_audit_add() */
bool tfr_history_add(struct tfr_history *history, const char *line, size_t len,
                     struct tfr_error *err) TFR_CHECKED;
/** Writes what is pending, and ends it. NULL is allowed. Error: TFR_E_IO "history.write" */
bool tfr_history_close(struct tfr_history *history, struct tfr_error *err) TFR_CHECKED;

struct tfr_trend_options {
    const char *since; /* compare the newest day with this one or the last before it; NULL: the day
                          before */
    bool json;
};
/** Writes what a history tells: what is new and what is gone since a day, what has stood longest.
 *  Errors as for tfr_history_open(). */
bool tfr_trend_write(const char *file, const struct tfr_trend_options *options, FILE *out,
                     struct tfr_error *err) TFR_CHECKED;

struct tfr_audit_format {
    const char *name;
    bool all_rows; /* wants struct tfr_audit_options.all_rows */
    void (*write)(const struct tfr_audit *audit, const struct tfr_style *style, FILE *out);
};
/** The format of that name, or NULL; `ndjson` is none of them: those are the lines themselves. */
const struct tfr_audit_format *tfr_audit_format_find(const char *name);

const char *tfr_verdict_name(
    enum tfr_verdict verdict); /* "GO", "CONDITIONAL GO", "NO-GO", "none" */

#endif
