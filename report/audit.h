/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of an audit share: rows of documents, tables of totals, facts across documents. */
#ifndef TFR_REPORT_AUDIT_H
#define TFR_REPORT_AUDIT_H

#include "report/gen.h"
#include "report/report.h"

/* Documents that a table for people shows, and unreadable ones that are named. */
#define TFR_AUDIT_SHOWN 50

/* What to do about a binary plan: the one kind of unreadable documents that is told as a group. */
#define TFR_AUDIT_BINARY "terraform show -json PLAN > PLAN.json makes of each what can be judged"

/* A document. The texts are its own. */
struct tfr_audit_row {
    char *name; /* archive:member */
    char *kind, *version;
    char *error, *message; /* of an unreadable one, else NULL */
    char *first;           /* the worst finding's policy, or NULL */
    int exit_code, score;  /* score: -1 if there is none */
    uint32_t resources, p0, p1, p2, undecided, left_over;
};

/* Rows, all of them or the first TFR_AUDIT_SHOWN of the order. */
struct tfr_audit_rows {
    struct tfr_audit_row *at;
    size_t count, cap;
    bool all;
};

/* A left-over: an open finding of the category Hygiene. The texts are its own. */
struct tfr_audit_left {
    char *document, *policy, *address;
    char *since; /* the day since when the object stands, or NULL */
};

/* Left-overs, the oldest first and those of unknown age last: all of them, or the first
 * TFR_AUDIT_SHOWN. */
struct tfr_audit_lefts {
    struct tfr_audit_left *at;
    size_t count, cap;
    bool all;
};

/* How often each text of a kind came up. */
struct tfr_audit_total {
    const struct tfr_sym *text;
    const char *title;   /* policies: what is wrong */
    uint64_t documents;  /* in which it came up */
    uint64_t count;      /* findings of a policy, resources of a provider, findings of a source */
    uint64_t p0, p1, p2; /* of findings */
    uint64_t last;       /* number of the document that was counted last */
};
struct tfr_audit_totals {
    struct tfr_names *names;
    struct tfr_audit_total *at; /* by id of the name, sorted at the end */
    size_t count, cap;
};

/* Something that two documents tell together. */
enum tfr_across_kind {
    TFR_ACROSS_TWICE,     /* one object in two states */
    TFR_ACROSS_DESTROYED, /* a plan destroys what another state holds */
    TFR_ACROSS_NAME,      /* a plan makes what another document has or makes under this name */
    TFR_ACROSS_OUTPUT,    /* terraform_remote_state reads an output that is gone */
    TFR_ACROSS_ROLLBACK,  /* an older copy of a state */
    TFR_ACROSS_FORK,      /* two copies of one serial that differ */
    TFR_ACROSS_NETWORK,   /* networks that overlap */
    TFR_ACROSS_USES,      /* a state refers to objects of another one */
    TFR_ACROSS_KINDS
};
struct tfr_across {
    enum tfr_across_kind kind;
    const char *a, *b;                 /* documents: what is wrong stands in `a` */
    const char *address_a, *address_b; /* or NULL */
    const char *detail;                /* or NULL */
    uint64_t count;                    /* of pairs that it stands for */
};

/* A line, taken apart. All of it is arena. */
struct tfr_audit_finding {
    const char *policy, *title, *severity, *source; /* source: NULL in the root module */
    const char *address, *fingerprint, *since;      /* since: NULL if nothing tells */
    bool open, undecided, hygiene;
};
struct tfr_audit_provider {
    const char *name;
    uint64_t resources;
};
/* An item of a list of facts: texts and hashes as they stand in the line. */
struct tfr_audit_fact {
    const char *address, *text;
    uint64_t hash[3];
    bool made;
    const char *const *outputs;
    size_t output_count;
};
struct tfr_audit_facts {
    struct tfr_audit_fact *at;
    size_t count;
};
struct tfr_audit_record {
    const char *name;     /* archive:member */
    int exit_code, score; /* score: -1 if there is none */
    const char *kind, *version, *error, *message;
    bool is_plan;
    uint32_t resources;
    struct tfr_audit_finding *findings;
    struct tfr_audit_provider *providers;
    size_t finding_count, provider_count;
    const char *const *provider_versions; /* "registry.terraform.io/hashicorp/aws ~> 5.0" */
    size_t provider_version_count;
    uint64_t lineage, digest; /* 0: not said */
    long long serial;         /* -1: not said */
    struct tfr_audit_facts objects, destroyed, uses, names, networks, remotes;
    const char *const *outputs;
    size_t output_count;
    const char *const *waivers; /* keys of those that matched */
    size_t waiver_count;
};
/* Reads a line. @param facts read its facts too. Error: TFR_E_SCHEMA "audit.line" */
bool tfr_audit_read(const char *line, size_t len, bool facts, struct tfr_arena *arena,
                    struct tfr_audit_record *out, struct tfr_error *err) TFR_CHECKED;

/* Facts of documents, kept only for the questions across them. */
struct tfr_audit_store;
struct tfr_audit_store *tfr_audit_store_new(struct tfr_arena *arena);
void tfr_audit_store_free(struct tfr_audit_store *store);
/* Takes the facts of one document. `name` is arena of the audit. */
void tfr_audit_store_add(struct tfr_audit_store *store, const char *name,
                         const struct tfr_audit_record *record);
/* Answers, sorted. @return arena of the audit */
struct tfr_across *tfr_audit_store_answer(struct tfr_audit_store *store, size_t *count);
/* "managed in two states" */
const char *tfr_across_title(enum tfr_across_kind kind);
const char *tfr_across_name(enum tfr_across_kind kind); /* for programs: "managed-twice" */

/* A waiver that the audit was given, and what became of it. */
struct tfr_audit_waiver {
    const char *policy, *address, *owner, *expires, *file;
    uint32_t line;
    uint64_t documents; /* in which it matched an open finding */
    enum tfr_waiver_state state;
};
/* What a waiver is called in a line: the same in every process and on every machine. */
void tfr_audit_waiver_key(const struct tfr_waiver *waiver, struct tfr_buf *out);
/* Why it waives nothing. */
void tfr_audit_waiver_words(const struct tfr_audit_waiver *waiver, struct tfr_buf *out);

struct tfr_audit {
    struct tfr_arena arena;
    struct tfr_audit_options options;
    uint64_t documents, by_exit[5];
    uint64_t p0, p1, p2, info, undecided, left_over, resources;
    uint64_t binary_plans; /* of the unreadable ones: nothing is wrong with them */
    struct tfr_audit_rows worst, unreadable; /* unreadable: binary plans last */
    struct tfr_audit_lefts left_overs;
    struct tfr_audit_totals policies, sources, providers, provider_versions, versions;
    struct tfr_audit_totals waivers_used; /* by their keys */
    struct tfr_audit_waiver *waivers;
    size_t waiver_count, idle_waivers;
    struct tfr_audit_store *store; /* NULL: no questions across documents */
    struct tfr_across *across;
    size_t across_count;
};

/* Keeps a left-over of the document of that name. */
void tfr_audit_left_add(struct tfr_audit_lefts *lefts, const char *document,
                        const struct tfr_audit_finding *finding);
void tfr_audit_left_sort(struct tfr_audit_lefts *lefts);
void tfr_audit_left_fini(struct tfr_audit_lefts *lefts);
/* Days from one YYYY-MM-DD to another, 0 if the first is later or one is none. */
unsigned tfr_audit_days(const char *from, const char *until);

/* Unreadable ones that are named before the rest is only counted, of the first `most`: binary plans
 * stand last and are none of them. */
size_t tfr_audit_named(const struct tfr_audit *audit, size_t most);
/* True if an unreadable document is a binary plan. */
bool tfr_audit_is_binary(const struct tfr_audit_row *row);

/* Writes the member `facts` of a document into the open object of `gen`. */
void tfr_facts_write(yajl_gen gen, const struct tfr_document *document);

/* Writers. */
void tfr_audit_write_text(const struct tfr_audit *audit, const struct tfr_style *style, FILE *out);
void tfr_audit_write_json(const struct tfr_audit *audit, const struct tfr_style *style, FILE *out);
void tfr_audit_write_csv(const struct tfr_audit *audit, const struct tfr_style *style, FILE *out);
void tfr_audit_write_prometheus(const struct tfr_audit *audit, const struct tfr_style *style,
                                FILE *out);
void tfr_audit_write_markdown(const struct tfr_audit *audit, const struct tfr_style *style,
                              FILE *out);
void tfr_audit_write_html(const struct tfr_audit *audit, const struct tfr_style *style, FILE *out);

#endif
