/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Roles of a document and what they may do: identity policies, permission boundaries, and the
 * policies of the objects themselves. Made once per document, when the first analyser asks.
 */
#ifndef TFR_POLICIES_ROLES_H
#define TFR_POLICIES_ROLES_H

#include "policies/iam_document.h"
#include "policies/links.h"

/* One policy of a role. */
struct tfr_grant {
    struct tfr_iam_document document;
    const struct tfr_aws_managed *managed; /* a policy that AWS manages, or NULL */
    const char *arn;                       /* of it */
    const struct tfr_resource *from;       /* what gives it: an attachment, the role itself */
    const struct tfr_resource *text;       /* what the document stands in, NULL: in `from` */
    const char *maybe; /* not NULL: it may be another role's; what will decide it */
    const struct tfr_grant *next;
};

struct tfr_role {
    const struct tfr_resource *resource;
    const struct tfr_grant *grants[4];   /* by enum tfr_when: TFR_BEFORE and TFR_AFTER */
    const struct tfr_grant *boundary[4]; /* NULL: there is none */
};

struct tfr_roles;
struct tfr_roles *tfr_roles_of(const struct tfr_input *in);
void tfr_roles_free(struct tfr_roles *roles);

/* The role of this resource, NULL if it is none. */
const struct tfr_role *tfr_role_of(const struct tfr_input *in, const struct tfr_resource *resource);

/* Policies of which it is not known which new role has them, if this one is new. */
const struct tfr_grant *tfr_roles_strays(const struct tfr_input *in, const struct tfr_role *role,
                                         enum tfr_when when);

/* The role that an attribute names, by ARN or name. */
struct tfr_role_name {
    const struct tfr_role *at[TFR_LINKS];
    uint32_t count;      /* more than one: it cannot be told which */
    enum tfr_when when;  /* at which time it is named */
    bool none;           /* nothing is named */
    bool elsewhere;      /* it is no role of this document */
    const char *because; /* not NULL: it can be another one; what will decide it */
};
void tfr_role_named(const struct tfr_input *in, const struct tfr_resource *resource,
                    const char *attribute, enum tfr_when when, struct tfr_role_name *out);

/* May the role do it? `by` is who allows it, for texts: NULL if nobody does, or several roles were
 * asked. */
struct tfr_permission {
    enum tfr_truth_value is;
    const char *because;           /* of TFR_MAYBE */
    const struct tfr_resource *by; /* of TFR_YES; may be NULL */
};
void tfr_role_may(const struct tfr_input *in, const struct tfr_role *role,
                  const struct tfr_iam_question *question, struct tfr_permission *out);
/* The same for all that an attribute can name, at the time of the name. A role of elsewhere:
 * TFR_MAYBE. */
void tfr_named_may(const struct tfr_input *in, const struct tfr_role_name *name,
                   const struct tfr_iam_question *question, struct tfr_permission *out);

#endif
