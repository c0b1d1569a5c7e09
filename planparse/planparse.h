/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * From bytes to facts: reads plans and states of Terraform and OpenTofu into one document model.
 *
 * A reader never guesses: what its document does not say is absent. Everything reachable from a
 * `struct tfr_document` is arena memory of that document (or a name of its table) and read-only.
 * Facts about the formats: terraform show -json, format_version 0.1 to 1.x; state format 4.
 */
#ifndef TFR_PLANPARSE_H
#define TFR_PLANPARSE_H

#include "base/base.h"

#include <stdio.h>
#include <string.h>

/* ---- values ------------------------------------------------------------------------------------
 */

/**
 * The kinds of a value. The five states of an attribute: absent (the document does not say), null,
 * unknown (known after apply), known (the rest), and sensitive-known (`sensitive` is set beside any
 * kind).
 */
enum tfr_kind {
    TFR_ABSENT, /* zero: an empty struct is absent */
    TFR_NULL,
    TFR_UNKNOWN,
    TFR_BOOL,
    TFR_NUMBER, /* kept as the text of the document: no precision is lost */
    TFR_STRING, /* may hold NUL bytes */
    TFR_LIST,   /* list, set or tuple: JSON does not tell; never compare sets by index */
    TFR_OBJECT, /* object or map, members in document order, no name twice */
};

/**
 * One value. Masks are folded in while reading: `sensitive` holds for the value and is set on
 * everything below it. The bytes of a sensitive value may be compared and hashed, never written:
 * only tfr_value_show() writes values.
 */
struct tfr_value {
    uint8_t kind;   /* enum tfr_kind */
    bool sensitive; /* marked by the document, or below a mark */
    bool truth;     /* of TFR_BOOL */
    bool settled;   /* of a list or object: it is sure that nothing in it is unknown */
    uint32_t count; /* bytes of text, items of a list, members of an object */
    union {
        const char *text; /* TFR_NUMBER, TFR_STRING: a NUL stands behind `count` bytes */
        const struct tfr_value *items;   /* TFR_LIST */
        const struct tfr_object *object; /* TFR_OBJECT; NULL if it has no members */
    };
};

/** What an object holds. Objects that are written alike share their names. */
struct tfr_object {
    const struct tfr_layout *layout; /* as many names as there are members */
    struct tfr_value values[];       /* in their order */
};

/** Bytes of an object with so many members. */
static inline size_t tfr_object_size(size_t count)
{
    return sizeof(struct tfr_object) + count * sizeof(struct tfr_value);
}

/** A member of an object: tfr_member_at(). Both borrowed. */
struct tfr_member {
    const struct tfr_sym *name;
    const struct tfr_value *value;
};

/** The members of an object, by number, from 0; there must be so many. */
static inline const struct tfr_sym *tfr_member_name(const struct tfr_value *value, uint32_t index)
{
    return value->object->layout->names[index];
}
static inline const struct tfr_value *tfr_member_value(const struct tfr_value *value,
                                                       uint32_t index)
{
    return &value->object->values[index];
}
/** All that is in a list or object, `count` values. */
static inline const struct tfr_value *tfr_value_children(const struct tfr_value *value)
{
    return value->kind == TFR_LIST || value->count == 0 ? value->items : value->object->values;
}
static inline struct tfr_member tfr_member_at(const struct tfr_value *value, uint32_t index)
{
    return (struct tfr_member){ tfr_member_name(value, index), tfr_member_value(value, index) };
}

/** An object that is being made, member by member; no name may come twice. */
struct tfr_making {
    struct tfr_arena *arena; /* takes the object and its layout, which is in no table */
    struct tfr_object *object;
    const struct tfr_sym **names;
    uint32_t count;
};
/** @param most members that will come */
struct tfr_making tfr_making_begin(struct tfr_arena *arena, size_t most);
void tfr_making_add(struct tfr_making *making, const struct tfr_sym *name, struct tfr_value value);
/** @return the object; not settled */
struct tfr_value tfr_making_end(struct tfr_making *making);

/** The absent value: what every getter returns instead of NULL. */
extern const struct tfr_value tfr_absent;

/** The member of an object; tfr_absent if there is none or `value` is no object. An unknown or
 * sensitive object answers with an unknown or sensitive member. Never NULL; borrowed.
 * @param hash tfr_layout_hash() of the name */
const struct tfr_value *tfr_value_hashed(const struct tfr_value *value, const char *name,
                                         size_t len, uint32_t hash);
static inline const struct tfr_value *tfr_value_named(const struct tfr_value *value,
                                                      const char *name, size_t len)
{
    return tfr_value_hashed(value, name, len, tfr_layout_hash(name, len));
}
/** The same for a text that ends with NUL. Inline: most are literals, whose length and hash are
 * known then. */
static inline const struct tfr_value *tfr_value_get(const struct tfr_value *value, const char *name)
{
    return tfr_value_named(value, name, strlen(name));
}
/** The same by name: compares pointers. */
const struct tfr_value *tfr_value_member(const struct tfr_value *value, const struct tfr_sym *name);
/** The item of a list, tfr_absent beyond its end. */
const struct tfr_value *tfr_value_item(const struct tfr_value *value, size_t index);
/** Walks a path of literal steps such as "network_configuration.0.subnets"; digits index lists. A
 * list with exactly one item is entered when the step is not a number (blocks with at most one
 * element are lists in plan JSON). */
const struct tfr_value *tfr_value_path(const struct tfr_value *value, const char *path);
/** True if the value is a string and equals `text`. */
static inline bool tfr_value_is(const struct tfr_value *value, const char *text)
{
    const size_t len = strlen(text);

    return value->kind == TFR_STRING && value->count == len && memcmp(value->text, text, len) == 0;
}
/** True if it is the boolean true (or the string "true"). */
bool tfr_value_true(const struct tfr_value *value);
/** True if it is null or absent. */
bool tfr_value_missing(const struct tfr_value *value);
/** True if it is missing, or a text, list or map with nothing in it: providers write all alike. */
bool tfr_value_is_blank(const struct tfr_value *value);
/** True if it is a list or a map. */
static inline bool tfr_value_is_container(const struct tfr_value *value)
{
    return value->kind == TFR_LIST || value->kind == TFR_OBJECT;
}
/** Reads an integer. @return false if it is no number (or numeric string), or beyond `long long`.
 */
bool tfr_value_integer(const struct tfr_value *value, long long *out);
/** True if both are equal. Numbers compare as decimals (1.0 equals 1); object members in any order;
 * unknown equals nothing, not even unknown. Iterative: depth does not touch the C stack. */
bool tfr_value_equal(const struct tfr_value *a, const struct tfr_value *b);
/** tfr_value_has_unknown() of a list or object. */
bool tfr_value_holds_unknown(const struct tfr_value *value);
/** True if anything in it is unknown. Inline: most values are scalars, or settled. */
static inline bool tfr_value_has_unknown(const struct tfr_value *value)
{
    return value->kind == TFR_UNKNOWN ||
           (tfr_value_is_container(value) && !value->settled && tfr_value_holds_unknown(value));
}

/**
 * Appends a value for people to read: the only printer of values in the program. Writes
 * `(sensitive)` for what is marked, or what `name` (the attribute's name, may be NULL) or the shape
 * of the text betray as a secret; `(known after apply)` for unknown; strings quoted, control
 * characters escaped, at most `limit` bytes and then `...`.
 */
void tfr_value_show(struct tfr_buf *out, const char *name, const struct tfr_value *value,
                    size_t limit);

/* ---- the document ------------------------------------------------------------------------------
 */

enum tfr_document_kind { TFR_PLAN = 1, TFR_STATE, TFR_RAW_STATE, TFR_BINARY_PLAN };
enum tfr_product { TFR_PRODUCT_UNKNOWN, TFR_TERRAFORM, TFR_OPENTOFU };
enum tfr_tristate { TFR_UNSAID, TFR_FALSE, TFR_TRUE }; /* TFR_UNSAID: the document does not say */
enum tfr_mode {
    TFR_MANAGED,
    TFR_DATA,
    TFR_EPHEMERAL,
    TFR_PROVIDER, /* the configuration of a provider: document.provider_objects */
};

/** What a plan does to an object. */
enum tfr_action {
    TFR_ACTION_NONE, /* states: nothing is planned */
    TFR_ACTION_NO_OP,
    TFR_ACTION_CREATE,
    TFR_ACTION_READ,
    TFR_ACTION_UPDATE,
    TFR_ACTION_DELETE,
    TFR_ACTION_DELETE_CREATE,
    TFR_ACTION_CREATE_DELETE,
    TFR_ACTION_FORGET,
    TFR_ACTION_CREATE_FORGET, /* either order */
    TFR_ACTION_OTHER,         /* a combination we do not know; the bits below still hold */
};

/** The instance key of an address: none, `[0]` or `["a"]`. */
enum tfr_key_kind { TFR_KEY_NONE, TFR_KEY_INDEX, TFR_KEY_TEXT };
struct tfr_key {
    enum tfr_key_kind kind;
    union {
        long long index;            /* TFR_KEY_INDEX */
        const struct tfr_sym *text; /* TFR_KEY_TEXT */
    };
};

/** One step list of replace_paths, as text: "identifier", "ingress.0.cidr_blocks". */
struct tfr_paths {
    const struct tfr_sym *const *at;
    uint32_t count;
};

/**
 * One object: a member of resource_changes, resource_drift or deferred_changes, or an object of a
 * state. The pair (address, deposed) is its identity.
 */
struct tfr_resource {
    /* What is asked of every object stands first, in one line of the cache, and all of it takes
     * three. */
    const struct tfr_sym *type;    /* never NULL */
    const struct tfr_sym *deposed; /* NULL: the current object */
    enum tfr_mode mode : 8;
    enum tfr_action action : 8;
    bool creates, deletes, forgets; /* what the list of actions contains */
    bool importing;                 /* change.importing is there */
    bool import_unknown;            /* its id is known after apply */
    bool tainted;                   /* the state (of a plan: the prior state) says so */
    bool in_state;                  /* of a change: prior_state has the object */
    bool duplicate;                 /* the same address and deposed key came before */
    bool generated_config;
    bool address_disagrees; /* address and its parts (module, type, name, index) tell different
                               things */
    struct tfr_value
        after; /* what will be (unknowns folded in); of a state: what is; absent for deletes */
    struct tfr_value before; /* what was: absent for creates and states */

    const struct tfr_sym *address; /* absolute instance address, never NULL */
    const struct tfr_sym
        *block; /* the same without any instance key: module.a.aws_x.y; never NULL */
    const struct tfr_sym *module;       /* module path with keys, NULL for the root */
    const struct tfr_sym *module_block; /* module path without keys, NULL for the root */
    const struct tfr_sym *name;         /* never NULL */
    const struct tfr_sym
        *provider; /* registry.terraform.io/hashicorp/aws; bare name in old plans; or NULL */
    const struct tfr_sym *previous_address; /* NULL: not moved */
    const struct tfr_sym *action_reason;    /* as written, NULL: none */
    const struct tfr_sym *deferred_reason;  /* deferred_changes only */
    struct tfr_key key;
    struct tfr_paths replace_paths;
    struct tfr_paths depends_on; /* as the state (of a plan: the prior state) has it: unexpanded
                                    absolute addresses, a transitive closure */
    uint64_t offset;             /* where it starts in the text, bytes */
};

/** True if the object exists after the apply: anything but deleted, forgotten or deposed; in a
 * state: not deposed. */
bool tfr_resource_is_live(const struct tfr_resource *resource);
/** True if it exists before the apply and not after: deleted or forgotten, and not replaced. */
bool tfr_resource_is_gone(const struct tfr_resource *resource);
/** True if it is deleted and not made again; a forgotten object lives on. */
bool tfr_resource_is_destroyed(const struct tfr_resource *resource);
/** True if it is destroyed and made again. */
bool tfr_resource_is_replaced(const struct tfr_resource *resource);
/** What to judge it by: `after` if it is live, else `before`. Never NULL. */
const struct tfr_value *tfr_resource_values(const struct tfr_resource *resource);

struct tfr_resources {
    const struct tfr_resource *at;
    size_t count;
};

/** A root output. For states only `value` matters. */
struct tfr_output {
    const struct tfr_sym *name;
    enum tfr_action action;
    bool sensitive;
    struct tfr_value before, after;
};

struct tfr_variable {
    const struct tfr_sym *name;
    struct tfr_value value; /* marked sensitive if the configuration says so */
};

enum tfr_check_status { TFR_CHECK_UNKNOWN, TFR_CHECK_PASS, TFR_CHECK_FAIL, TFR_CHECK_ERROR };
struct tfr_check {
    const struct tfr_sym *address; /* to_display */
    const struct tfr_sym *kind;    /* resource, output_value, check, var */
    enum tfr_check_status status;
    const struct tfr_sym *const *problems; /* messages; they may quote values: treat as hostile */
    uint32_t problem_count;
};

/** One attribute that shaped the plan, resolved by Terraform through locals and modules. */
struct tfr_relevant {
    const struct tfr_sym *address;
    const struct tfr_sym *attribute; /* dotted path, NULL: the whole object */
};

/* ---- configuration -----------------------------------------------------------------------------
 */

/** One expression: where it stands and what it refers to, as the document writes it (duplicates and
 * prefixes kept; the graph groups them). */
struct tfr_expression {
    const struct tfr_sym *path; /* attribute path inside its block: "ingress.0.security_groups" */
    const struct tfr_sym *const *references;
    uint32_t reference_count;
    struct tfr_value constant; /* constant_value; absent if there is none */
};

struct tfr_expressions {
    const struct tfr_expression *at;
    uint32_t count;
};

struct tfr_config_resource {
    const struct tfr_sym *address; /* relative to its module: aws_x.y, data.t.n */
    enum tfr_mode mode;
    const struct tfr_sym *type, *name;
    const struct tfr_sym *provider_key; /* provider_config_key; NULL if not said */
    struct tfr_expressions expressions; /* provisioners too, under "provisioner/TYPE." */
    struct tfr_expression count;        /* path NULL: no count_expression written */
    struct tfr_expression for_each;     /* path NULL: no for_each_expression written */
    struct tfr_paths depends_on;        /* as written */
};

struct tfr_config_output {
    const struct tfr_sym *name;
    bool sensitive;
    struct tfr_expression expression;
    struct tfr_paths depends_on;
};

struct tfr_config_variable {
    const struct tfr_sym *name;
    bool sensitive;
    struct tfr_value fallback; /* default; absent if there is none */
};

struct tfr_config_call {
    const struct tfr_sym *name;
    const struct tfr_sym *source; /* as written, or NULL */
    struct tfr_expressions expressions;
    struct tfr_expression count, for_each;
    struct tfr_paths depends_on;
    const struct tfr_config_module *module; /* never NULL */
};

struct tfr_config_module {
    const struct tfr_sym *path;             /* module.a.module.b, NULL for the root */
    const struct tfr_config_module *parent; /* NULL for the root */
    const struct tfr_config_call *call;     /* the call in the parent, NULL for the root */
    const struct tfr_config_resource *resources;
    const struct tfr_config_output *outputs;
    const struct tfr_config_variable *variables;
    const struct tfr_config_call *calls;
    uint32_t resource_count, output_count, variable_count, call_count;
    uint32_t depth;  /* module calls around it */
    bool well_named; /* all of these have names that an address can hold */
};

struct tfr_config_provider {
    const struct tfr_sym *key; /* aws, aws.east, module.x:aws */
    const struct tfr_sym *name, *full_name, *alias, *module_address; /* NULL if not said */
    const struct tfr_sym *version; /* constraint as written, or NULL */
    struct tfr_expressions expressions;
};

/** Something about the input a reader had to do or noticed: utf16, wrapper-lines, duplicate-key ...
 */
struct tfr_note {
    const char *code;    /* stable, static */
    const char *message; /* for people; no value from the input */
};

struct tfr_document {
    enum tfr_document_kind kind;
    enum tfr_product product;
    const char *name;   /* the input as the user spelled it, "-" for standard input */
    const char *member; /* path inside an archive, or NULL */
    uint64_t bytes;     /* of JSON text after decompression */
    const struct tfr_sym *format_version, *product_version; /* NULL if not said */
    enum tfr_tristate applyable, complete, errored;
    bool redacted; /* plan_format_version: a plan without values of configuration and prior state */
    bool has_configuration, has_prior_state;
    bool odd_version;                /* format_version is there and is no version */
    bool refresh_only;               /* a plan that only records drift */
    long long serial;                /* raw states; -1 if not said */
    const struct tfr_sym *lineage;   /* raw states */
    const struct tfr_sym *timestamp; /* of the plan */

    struct tfr_resources
        changes; /* plans: resource_changes in document order; states: their objects */
    struct tfr_resources drift;    /* resource_drift */
    struct tfr_resources deferred; /* deferred_changes */
    struct tfr_resources
        prior; /* plans: objects of prior_state that have no change (data sources, untargeted, what
                  is deposed and stays); what the others add is in their changes */
    const struct tfr_output *outputs;
    size_t output_count;
    const struct tfr_variable *variables;
    size_t variable_count;
    const struct tfr_check *checks;
    size_t check_count;
    const struct tfr_relevant *relevant;
    size_t relevant_count;
    const struct tfr_config_module *configuration; /* NULL: the document has none */
    const struct tfr_config_provider *providers;
    size_t provider_count;
    /* The same as objects, in the same order: type provider.aws, address aws.default, aws.east or
     * module.a.aws.east. Constants are values, references unknown; likely secrets are marked. */
    struct tfr_resources provider_objects;
    const struct tfr_note *notes;
    size_t note_count;

    struct tfr_names *names;       /* every name above */
    struct tfr_embedded *embedded; /* what tfr_document_parse() remembers */
    struct tfr_arena arena;        /* every byte above but the arrays of resources */
};

/** Ends a document. NULL is allowed. */
void tfr_document_free(struct tfr_document *document);

/** Parses a JSON text that stands inside a string value (policy, container_definitions ...) into
 * the document's arena, once: asked again it answers the same. Sensitivity of `value` is inherited
 * by all of it. @return tfr_absent if it is no JSON; never NULL */
const struct tfr_value *tfr_document_parse(struct tfr_document *document,
                                           const struct tfr_value *value);

/** Parses a JSON text, an object or an array, into an arena; names go to `names`. `sensitive` marks
 * all of it. @return tfr_absent if it is no JSON; never NULL */
const struct tfr_value *tfr_text_parse(struct tfr_arena *arena, struct tfr_names *names,
                                       const char *text, size_t len, bool sensitive);

/* ---- addresses ---------------------------------------------------------------------------------
 */

/** The parts of an absolute address, as offsets into it. Addresses are taken apart here and nowhere
 * else. */
struct tfr_address {
    size_t module_len; /* bytes of "module.a[0].module.b" without the dot behind; 0: root */
    enum tfr_mode mode;
    size_t type_at, type_len, name_at, name_len;
    size_t block_end;       /* end of TYPE.NAME: what follows is the key */
    struct tfr_key key;     /* text is NULL here: see key_at */
    size_t key_at, key_len; /* bytes between the quotes, still escaped */
};

/** Takes an address apart. @return false if it is none */
bool tfr_address_parse(const char *text, size_t len, struct tfr_address *out) TFR_CHECKED;
/** True if it can be the name of a block: letters, digits, _, - and what is beyond ASCII. */
bool tfr_address_is_identifier(const char *text, size_t len);
/** True if it is the address of a module: module.a["k"].module.b */
bool tfr_address_is_module(const char *text, size_t len);
/** End of the key that opens with the bracket at `at`, behind its closing bracket; quoted text may
 * hold brackets. */
size_t tfr_address_key_end(const char *text, size_t len, size_t at);
/** Appends the address without any instance key: module.a.aws_x.y */
void tfr_address_block(struct tfr_buf *out, const char *text, size_t len);

/* ---- reading -----------------------------------------------------------------------------------
 */

/** Limits of reading. Zero means the default in parentheses. Each one that is hit is TFR_E_LIMIT.
 */
struct tfr_limits {
    uint32_t depth;          /* levels of JSON nesting (512) */
    uint64_t input_bytes;    /* of one input as it lies on disk (64 GiB) */
    uint64_t string_bytes;   /* of one string or number (64 MiB) */
    uint64_t resources;      /* objects of one document (10,000,000) */
    uint64_t unpacked_bytes; /* of everything that one input unpacks to (64 GiB) */
    uint64_t members;        /* of all archives of one input (100,000) */
    uint64_t ratio;      /* how many times its size an input may unpack to, beyond 64 MiB (250) */
    uint32_t timeout_ms; /* wall time to read standard input (none) */
};

struct tfr_read_options {
    struct tfr_limits limits;
    bool skip_foreign; /* a file that is something else by intent is skipped, as in folders */
    size_t piece;      /* bytes fed to the parser at once (512 KiB); tests use 1 to 31 */
    bool see_all;      /* what nobody needs goes through the parser too; tests compare */
    struct tfr_timing *timing; /* borrowed, or NULL */
};

/** Who takes what is read. Calls come in the order of the input. `refused` and `skipped` may be
 * NULL: then nobody hears of it. */
struct tfr_sink {
    void *ctx;
    /** A document was read; it is yours. */
    void (*document)(void *ctx, struct tfr_document *document);
    /** An input, or a part of it, cannot be read. `member` is NULL or its name in an archive. */
    void (*refused)(void *ctx, const char *name, const char *member, const struct tfr_error *error);
    /** A member of an archive or folder is no document and was left out. */
    void (*skipped)(void *ctx, const char *name, const char *member, const char *why);
    /** So many more bytes of text came, unpacked. May be NULL. */
    void (*progress)(void *ctx, size_t bytes);
};

/**
 * Reads every document of one input: a file, a directory (its files, sorted by bytes, recursively),
 * "-" for standard input. Compressed text (gzip, zstd, xz, bzip2, lz4) and archives (tar, zip,
 * cpio, 7z) are known by content and opened, an archive or compressed text in another one too, no
 * deeper. Reports to `sink`; a refusal does not stop the rest. Files and members that are something
 * else by intent (code, notes, provider schemas) are skipped, unless there is nothing but them:
 * then the input is refused.
 */
void tfr_read_input(const char *name, const struct tfr_read_options *options,
                    const struct tfr_sink *sink);

/** Calls `visit` for every file that tfr_read_input() would read for `name`, in its order: the
 * files below a folder, else `name` itself. Folders that cannot be opened are refused to `sink`. */
void tfr_each_file(const char *name, const struct tfr_sink *sink,
                   void (*visit)(void *ctx, const char *name), void *ctx);

/** The same for text in memory (borrowed during the call). For tests and fuzzing. */
void tfr_read_memory(const char *name, const void *bytes, size_t len,
                     const struct tfr_read_options *options, const struct tfr_sink *sink);

/* ---- words -------------------------------------------------------------------------------------
 */

const char *tfr_document_kind_name(
    enum tfr_document_kind kind); /* "plan", "state", "raw-state", "binary-plan" */
const char *tfr_product_name(enum tfr_product product); /* "terraform", "opentofu", "unknown" */
const char *tfr_action_name(
    enum tfr_action action); /* "no-op", "delete" ... both replaces are "replace"; never NULL */

#endif
