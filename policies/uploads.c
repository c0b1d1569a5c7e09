/* SPDX-License-Identifier: Apache-2.0 */
/* Which buckets browsers upload to, and whether their CORS rules let them. */
#include "policies/uploads.h"
#include "policies/hosts.h"
#include "policies/lookup.h"
#include "policies/wires.h"
#include "policies/workload_access.h"

#include <string.h>
#include <strings.h>

/* What is known of one bucket. */
struct upload {
    const struct tfr_resource *bucket;
    const char *variable;
    enum tfr_truth_value writes; /* may a workload that has its name put objects? */
};

struct look {
    const struct tfr_input *in;
    struct upload *uploads; /* arena of scratch */
    uint32_t count;
    struct tfr_lookup *by_address;
    const char *stray; /* CORS rules of whichever bucket: what will decide it */
};

/* ---- which buckets -----------------------------------------------------------------------------
 */

static bool has_web(const struct tfr_input *in)
{
    const struct tfr_resource_run services = tfr_input_type(in, "aws_ecs_service");

    for (uint32_t i = 0; i < services.count; i++) {
        const struct tfr_value *balancer = tfr_value_get(&services.at[i]->after, "load_balancer");

        if (tfr_resource_is_live(services.at[i]) && balancer->kind == TFR_LIST &&
            balancer->count > 0)
            return true;
    }
    return false;
}

static bool is_for_uploads(const char *variable)
{
    static const char *const words[] = { "UPLOAD", "MEDIA", "S3_BUCKET" };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (tfr_text_holds(variable, words[i]))
            return true;
    }
    return false;
}

static struct upload *upload_of(struct look *look, const struct tfr_resource *bucket)
{
    const struct tfr_sym *name = bucket->address;
    const struct tfr_value address = { .kind = TFR_STRING, .text = name->text, .count = name->len };
    const struct upload *found = tfr_lookup_find(look->by_address, &address);

    if (found != NULL)
        return &look->uploads[found - look->uploads];
    look->uploads[look->count] = (struct upload){ .bucket = bucket };
    tfr_lookup_add(&look->by_address, &address, &look->uploads[look->count]);
    return &look->uploads[look->count++];
}

static void look_at_workload(struct look *look, const struct tfr_workload *workload)
{
    const struct tfr_needs needs = tfr_workload_needs(look->in, workload);

    for (uint32_t i = 0; i < needs.count; i++) {
        const struct tfr_need *need = &needs.at[i];
        struct tfr_permission permission;
        struct upload *upload;

        if (need->kind != TFR_NEED_BUCKET || need->object == NULL ||
            !tfr_sym_is(need->object->type, "aws_s3_bucket") || need->object->mode != TFR_MANAGED ||
            !is_for_uploads(need->env.name->text))
            continue;
        upload = upload_of(look, need->object);
        upload->variable = need->env.name->text;
        upload->writes =
            tfr_truth_either(upload->writes, tfr_need_may(look->in, workload->role, need,
                                                          "s3:PutObject", &permission));
    }
}

/* ---- their rules -------------------------------------------------------------------------------
 */

static enum tfr_truth_value lets_put(const struct tfr_value *rules)
{
    enum tfr_truth_value answer = rules->kind == TFR_UNKNOWN ? TFR_MAYBE : TFR_NO;

    for (uint32_t i = 0; rules->kind == TFR_LIST && i < rules->count; i++) {
        const struct tfr_value *methods = tfr_value_get(&rules->items[i], "allowed_methods");

        if (methods->kind == TFR_UNKNOWN)
            answer = tfr_truth_either(answer, TFR_MAYBE);
        for (uint32_t k = 0; methods->kind == TFR_LIST && k < methods->count; k++) {
            const struct tfr_value *method = &methods->items[k];

            if (tfr_value_is(method, "PUT") || tfr_value_is(method, "POST"))
                return TFR_YES;
            if (method->kind == TFR_UNKNOWN)
                answer = tfr_truth_either(answer, TFR_MAYBE);
        }
    }
    return answer;
}

/* The plan deletes rules of this bucket. */
static bool loses_rules(const struct look *look, const struct tfr_resource *bucket)
{
    const struct tfr_edges edges =
        tfr_graph_dependants(look->in->graph, tfr_graph_node_of(look->in->graph, bucket));

    for (uint32_t i = 0; i < edges.count; i++) {
        const struct tfr_resource *other =
            tfr_graph_node(look->in->graph, tfr_edge_at(&edges, i)->from)->resource;

        if (other != NULL && tfr_sym_is(other->type, "aws_s3_bucket_cors_configuration") &&
            tfr_resource_is_gone(other))
            return true;
    }
    return false;
}

struct rules {
    enum tfr_truth_value lets;
    bool any; /* there are rules: browsers are meant to come */
};

static struct rules rules_of(const struct look *look, const struct tfr_resource *bucket)
{
    static const char *const types[] = { "aws_s3_bucket_cors_configuration", NULL };
    const struct tfr_value *own = tfr_value_get(&bucket->after, "cors_rule");
    struct rules out = { TFR_NO, false };
    struct tfr_wires wires;

    tfr_wires_to(look->in, bucket, "bucket", types, &wires);
    for (uint32_t i = 0; i < wires.count; i++)
        out.lets =
            tfr_truth_either(out.lets, lets_put(tfr_value_get(&wires.at[i]->after, "cors_rule")));
    if (own->kind == TFR_LIST && own->count > 0)
        out.lets = tfr_truth_either(out.lets, lets_put(own));
    if (wires.count == 0 && look->stray != NULL)
        out.lets = tfr_truth_either(out.lets, TFR_MAYBE);
    out.any =
        wires.count > 0 || (own->kind == TFR_LIST && own->count > 0) || loses_rules(look, bucket);
    return out;
}

static void judge(const struct look *look, const struct upload *upload,
                  struct tfr_findings_builder *out)
{
    const struct rules rules = rules_of(look, upload->bucket);

    if (rules.lets == TFR_YES) {
        tfr_findings_pass(out, upload->bucket);
        return;
    }
    if (rules.lets == TFR_MAYBE) {
        tfr_findings_undecided(out, upload->bucket,
                               look->stray != NULL ? look->stray : "cors_rule.allowed_methods",
                               "whether browsers may upload to it shows later");
        return;
    }
    tfr_findings_add(out, upload->bucket,
                     rules.any ? "no CORS rule lets a browser upload (PUT or POST)"
                               : "it has no CORS rules: a browser cannot upload to it");
    tfr_finding_evidence(out, TFR_EVIDENCE_ATTRIBUTE, upload->bucket->address->text, NULL,
                         upload->variable);
    if (!rules.any || upload->writes != TFR_YES)
        tfr_finding_lower(out, 1);
}

void tfr_check_upload_cors(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    static const char *const types[] = { "aws_s3_bucket_cors_configuration", NULL };
    const struct tfr_workloads workloads = tfr_input_workloads(in);
    const struct tfr_resource_run buckets = tfr_input_type(in, "aws_s3_bucket");
    struct look look = { .in = in };

    if (workloads.count == 0 || buckets.count == 0 || !has_web(in))
        return;
    look.uploads = tfr_arena_alloc(in->scratch, (buckets.count + 1) * sizeof *look.uploads);
    look.stray = tfr_wires_opaque(in, "bucket", types);
    for (uint32_t i = 0; i < workloads.count; i++)
        look_at_workload(&look, workloads.at[i]);
    for (uint32_t i = 0; i < look.count; i++) {
        if (look.uploads[i].writes != TFR_NO)
            judge(&look, &look.uploads[i], out);
    }
    tfr_lookup_free(look.by_address);
}
