/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_PLANPARSE_READER_H
#define TFR_PLANPARSE_READER_H

#include "planparse/fold.h"
#include "planparse/json.h"
#include "planparse/members.h"

/** One JSON text, fed piece by piece, becomes a document or an error. */
struct tfr_reader;

/** @param name, member borrowed until the reader ends; member may be NULL @return yours */
struct tfr_reader *tfr_reader_new(const char *name, const char *member,
                                  const struct tfr_read_options *options);
/** Feeds UTF-8 text. `*consumed` is below `len` only when the document has ended: the rest belongs
 * to what follows. */
bool tfr_reader_feed(struct tfr_reader *reader, const char *bytes, size_t len, size_t *consumed,
                     struct tfr_error *err) TFR_CHECKED;
bool tfr_reader_is_done(const struct tfr_reader *reader);
/** Something worth telling about how the text was read. @param code, message static storage */
void tfr_reader_note(struct tfr_reader *reader, const char *code, const char *message);
/** Ends the text and the reader. @param out yours on success
 *  Errors: TFR_E_SYNTAX "input.truncated"; TFR_E_SCHEMA "input.foreign.*", "input.version",
 * "input.schema". */
bool tfr_reader_finish(struct tfr_reader *reader, struct tfr_document **out,
                       struct tfr_error *err) TFR_CHECKED;
/** Ends the reader without a document. NULL is allowed. */
void tfr_reader_free(struct tfr_reader *reader);

/* ---- shared by the files that know what members mean -------------------------------------------
 */

/** A list of structs that grows on the heap and ends in the document's arena. */
struct tfr_list {
    void *at;
    size_t count, cap;
};
/** Room for one more struct of `size` bytes, cleared. Valid until the next call. */
void *tfr_list_add(struct tfr_list *list, size_t size);
/** Moves it into the arena and empties it. @return the array, NULL when empty */
void *tfr_list_end(struct tfr_list *list, struct tfr_arena *arena, size_t size);

/** A configuration module that is open. */
struct tfr_open_module {
    struct tfr_config_module *module;
    struct tfr_list resources, outputs, variables, calls;
    struct tfr_config_call call; /* the call of a child module that is being read */
};

/** A module that the root calls, and its text: most of what is called is called again. */
struct tfr_known_module {
    const struct tfr_sym *source; /* as the call says it */
    const struct tfr_config_module *module;
    char *text;
    size_t len, cap;
};

/** Whose address was taken apart last: the next object mostly shares its module, and its block. */
struct tfr_last_object {
    const struct tfr_sym *module, *module_block, *type, *name, *block;
    enum tfr_mode mode;
};

struct tfr_reader {
    struct tfr_document *document;
    struct tfr_json *json;
    struct tfr_folder folder;
    uint64_t max_resources;
    uint64_t keys; /* members of the root that were there: bits of kind.c */
    struct tfr_list changes, drift, deferred, prior, outputs, variables, checks, relevant,
        providers, provider_objects, notes, state_outputs;
    struct tfr_list open_modules;  /* struct tfr_open_module, outermost first */
    struct tfr_list known_modules; /* struct tfr_known_module */
    uint32_t *current;             /* by name id of an address: index in changes + 1 */
    size_t current_cap;
    struct tfr_list places, found; /* scratch of config.c */
    size_t at_change;              /* the change whose object in the state was read last */
    struct tfr_buf text;           /* scratch */
    struct tfr_last_object last;   /* see resource.c */
    uint8_t *spelling;             /* by name id: what resource.c found out about its text */
    size_t spelling_cap;
    bool has_prior;                      /* an object of the prior state was there */
    bool raw_objects;                    /* state format 4 seen in `resources` */
    long long raw_version;               /* -1: not said */
    const struct tfr_sym *key_providers; /* of an encrypted document: their types */
};

/** A name of the document for a string value, NULL for anything else. */
const struct tfr_sym *tfr_reader_name(struct tfr_reader *reader, const struct tfr_value *value);
/** The same for an address: most stand in few places, far from each other. */
const struct tfr_sym *tfr_reader_address(struct tfr_reader *reader, const struct tfr_value *value);
/** A name for any text. */
const struct tfr_sym *tfr_reader_text(struct tfr_reader *reader, const char *text, size_t len);
/** The strings of a list as names in the arena. */
struct tfr_paths tfr_reader_names(struct tfr_reader *reader, const struct tfr_value *list);
/** Copies a value without masks into the document. */
struct tfr_value tfr_reader_copy(struct tfr_reader *reader, const struct tfr_value *value);
/** What stands before the type: "data.", "ephemeral." or nothing. */
const char *tfr_address_mode(enum tfr_mode mode);
/** Appends an address without its last key: MODULE.data.TYPE.NAME; `module` may be NULL. */
void tfr_address_add_block(struct tfr_buf *out, const struct tfr_sym *module, enum tfr_mode mode,
                           const struct tfr_sym *type, const struct tfr_sym *name);
/** Appends an instance key as addresses write it: [0] or ["a"], nothing for none. */
void tfr_address_add_key(struct tfr_buf *out, const struct tfr_key *key);
/** Fails with "input.schema" about what is being handed over; `path` leads to the part of it that
 * is wrong, "" is all of it. @return false */
bool tfr_reader_wrong(struct tfr_error *err, const char *path, const char *want);

/** module_again.c: whether a module that is called from here begins at `bytes` with the same text
 * as one before: then it becomes the module of the open call. @param used bytes */
bool tfr_module_again(void *ctx, const char *bytes, size_t len, size_t *used);
/** module_again.c: remembers the module that is being left, if the root calls it. */
void tfr_module_keep(struct tfr_reader *reader);
/** config.c: says where a module lies that `parent` calls by a name. */
void tfr_module_enter(struct tfr_reader *reader, struct tfr_config_module *module,
                      const struct tfr_config_module *parent, const struct tfr_sym *name);
/** config.c: true of an object that holds nothing but constant_value and references; {} is one too:
 * a function call without references. */
bool tfr_is_expression(const struct tfr_value *value);
/** config.c: expressions of a block, and of provisioners (may be absent) under provisioner/TYPE. */
struct tfr_expressions tfr_read_expressions(struct tfr_reader *reader,
                                            const struct tfr_value *expressions,
                                            const struct tfr_value *provisioners);

/** resource.c: fills what address, module_address, mode, type, name, index and provider_name say.
 */
bool tfr_resource_identity(struct tfr_reader *reader, const struct tfr_members *members,
                           struct tfr_resource *out, struct tfr_error *err);
/** Room for one more object, TFR_E_LIMIT beyond the limit. NULL on failure. */
struct tfr_resource *tfr_resource_add(struct tfr_reader *reader, struct tfr_list *list,
                                      struct tfr_error *err);
/** Fills block and module_block from address and module. */
void tfr_resource_blocks(struct tfr_reader *reader, struct tfr_resource *resource);

/* Handlers: what the root shape names. */
tfr_take tfr_take_change, tfr_take_drift, tfr_take_deferred, tfr_take_output_change,
    tfr_take_variable, tfr_take_check, tfr_take_relevant, tfr_take_raw_resource,
    tfr_take_raw_output, tfr_take_state_output, tfr_take_state_resource, tfr_take_provider;
extern const struct tfr_shape tfr_state_shape;         /* prior_state, and a state itself */
extern const struct tfr_shape tfr_state_values_shape;  /* values */
extern const struct tfr_shape tfr_configuration_shape; /* configuration */

/** kind.c: remembers a member of the root. */
void tfr_kind_see(struct tfr_reader *reader, const struct tfr_sym *name);
/** kind.c: decides what the document is. Errors: TFR_E_SCHEMA "input.foreign.*", "input.version".
 */
bool tfr_kind_decide(struct tfr_reader *reader, struct tfr_error *err) TFR_CHECKED;
/** True if what was seen so far can only be one of our documents. */
bool tfr_kind_is_ours(const struct tfr_reader *reader);

/** embedded.c: ends what tfr_document_parse() remembers. NULL is allowed. */
void tfr_embedded_free(struct tfr_embedded *embedded);
/** state.c: what prior_state says of objects that have a change goes into the change; the others
 * stay. */
void tfr_state_link(struct tfr_reader *reader);

#endif
