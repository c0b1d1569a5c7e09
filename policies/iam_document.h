/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Policy documents of IAM: where their statements are, and what they say to one question. A
 * document is a JSON text, or a data source that writes one: what such a source is made of is known
 * while its text is not.
 */
#ifndef TFR_POLICIES_IAM_DOCUMENT_H
#define TFR_POLICIES_IAM_DOCUMENT_H

#include "policies/analyser.h"
#include "policies/operators.h"

struct tfr_iam_document {
    const struct tfr_value *statements; /* a list, or one statement */
    const struct tfr_resource *data;    /* the data source it is made by, or NULL */
    const char *because;                /* not NULL: what it says, or part of it, is known later */
    bool missing;                       /* there is none */
};

/* The document in an attribute of an object, at one time (one of enum tfr_when). A text that nobody
 * writes is missing, and so is one that is no JSON where the provider makes it up. */
void tfr_iam_document_of(const struct tfr_input *in, const struct tfr_resource *resource,
                         const char *attribute, enum tfr_when when, struct tfr_iam_document *out);
/* The same for a value that is at hand; `because` names it if it is unknown. */
void tfr_iam_document_in(const struct tfr_input *in, const struct tfr_value *text,
                         const char *because, struct tfr_iam_document *out);

struct tfr_statement {
    const struct tfr_input *in;
    const struct tfr_value *value;
    const struct tfr_resource *data; /* as in its document */
    uint32_t index;
};

uint32_t tfr_statement_count(const struct tfr_iam_document *document);
struct tfr_statement tfr_statement_at(const struct tfr_input *in,
                                      const struct tfr_iam_document *document, uint32_t index);

enum tfr_statement_field {
    TFR_STATEMENT_EFFECT,
    TFR_STATEMENT_ACTION,
    TFR_STATEMENT_NOT_ACTION,
    TFR_STATEMENT_RESOURCE,
    TFR_STATEMENT_NOT_RESOURCE,
    TFR_STATEMENT_CONDITION,
    TFR_STATEMENT_PRINCIPAL,
    TFR_STATEMENT_NOT_PRINCIPAL,
};
/* The member of a statement; absent where a data source has an empty list. Never NULL. */
const struct tfr_value *tfr_statement_get(const struct tfr_statement *statement,
                                          enum tfr_statement_field field);
bool tfr_statement_allows(const struct tfr_statement *statement);
/* Are its actions this one? */
enum tfr_truth_value tfr_statement_action(const struct tfr_statement *statement,
                                          const char *action);
/* Calls `visit` for every principal: `kind` is AWS, Service, Federated ..., or NULL for "*";
 * `text` may be unknown. */
void tfr_statement_principals(const struct tfr_statement *statement,
                              void (*visit)(void *ctx, const char *kind,
                                            const struct tfr_value *text),
                              void *ctx);

/* What is asked of a document. */
struct tfr_iam_question {
    const char *action;
    const char *arn; /* a pattern of what it is done to; "*": nothing in particular */
    bool vague; /* the name in `arn` is not known yet: only a pattern that covers all says yes */
    const struct tfr_resource *object; /* what it is done to, if it is in this document; or NULL */
    enum tfr_when when;                /* before or after: which of the policies count */
    const struct tfr_value *role;      /* values of the role that asks; NULL: of any */
    bool of_object;                    /* the document belongs to the object: principals count */
};

struct tfr_iam_answer {
    enum tfr_truth_value allow, deny;
    bool delegated;      /* what allows it is a statement about the whole account */
    const char *because; /* of TFR_MAYBE */
};

void tfr_iam_ask(const struct tfr_input *in, const struct tfr_iam_document *document,
                 const struct tfr_iam_question *question, struct tfr_iam_answer *out);

#endif
