/* SPDX-License-Identifier: Apache-2.0 */
/* The register of analysers: one line each, in alphabetical order. */
#include "policies/analyser.h"

#include "policies/alarms.h"
#include "policies/app_access.h"
#include "policies/bus_users.h"
#include "policies/cache_wiring.h"
#include "policies/cdn_certificate.h"
#include "policies/cdn_origins.h"
#include "policies/cloud_access.h"
#include "policies/cloud_network.h"
#include "policies/components.h"
#include "policies/container_logs.h"
#include "policies/dangling_modules.h"
#include "policies/dead_letter_topics.h"
#include "policies/dead_letters.h"
#include "policies/dns.h"
#include "policies/env_objects.h"
#include "policies/execution_role.h"
#include "policies/holders.h"
#include "policies/lifecycle.h"
#include "policies/locks.h"
#include "policies/log_delivery.h"
#include "policies/open_ports.h"
#include "policies/public_hosts.h"
#include "policies/queues.h"
#include "policies/reach.h"
#include "policies/renames.h"
#include "policies/required_env.h"
#include "policies/reverts.h"
#include "policies/role_switch.h"
#include "policies/role_trust.h"
#include "policies/rollback.h"
#include "policies/secret_literals.h"
#include "policies/secret_variables.h"
#include "policies/statements.h"
#include "policies/targets.h"
#include "policies/uploads.h"
#include "policies/vpc_conditions.h"
#include "policies/whole_document.h"
#include "policies/whole_plan.h"
#include "policies/workload_access.h"
#include "policies/zones.h"

#include <string.h>

const struct tfr_analyser tfr_analysers[] = {
    { "aimless", tfr_check_aimless },
    { "anything", tfr_check_anything },
    { "app_access", tfr_check_app_access },
    { "balancer_reach", tfr_check_balancer_reach },
    { "blast_limit", tfr_check_blast_limit },
    { "bus_users", tfr_check_bus_users },
    { "cache_wiring", tfr_check_cache_wiring },
    { "cdn_certificate", tfr_check_cdn_certificate },
    { "cdn_origins", tfr_check_cdn_origins },
    { "checks", tfr_check_checks },
    { "cloud_access", tfr_check_cloud_access },
    { "cloud_network", tfr_check_cloud_network },
    { "complete", tfr_check_complete },
    { "components", tfr_check_components },
    { "container_logs", tfr_check_container_logs },
    { "dangling_modules", tfr_check_dangling_modules },
    { "dangling_records", tfr_check_dangling_records },
    { "dead_letter_topics", tfr_check_dead_letter_topics },
    { "dead_letters", tfr_check_dead_letters },
    { "documentation", tfr_check_documentation },
    { "emptied_modules", tfr_check_emptied_modules },
    { "env_objects", tfr_check_env_objects },
    { "execution_role", tfr_check_execution_role },
    { "expiring_content", tfr_check_expiring_content },
    { "holders", tfr_check_holders },
    { "locks", tfr_check_locks },
    { "log_delivery", tfr_check_log_delivery },
    { "nat_spread", tfr_check_nat_spread },
    { "needs_allowed", tfr_check_needs_allowed },
    { "needs_role", tfr_check_needs_role },
    { "open_ports", tfr_check_open_ports },
    { "public_hosts", tfr_check_public_hosts },
    { "queue_users", tfr_check_queue_users },
    { "renames", tfr_check_renames },
    { "required_env", tfr_check_required_env },
    { "reverts", tfr_check_reverts },
    { "role_switch", tfr_check_role_switch },
    { "role_trust", tfr_check_role_trust },
    { "role_users", tfr_check_role_users },
    { "rollback", tfr_check_rollback },
    { "secret_literals", tfr_check_secret_literals },
    { "secret_variables", tfr_check_secret_variables },
    { "service_listener", tfr_check_service_listener },
    { "service_targets", tfr_check_service_targets },
    { "statements", tfr_check_statements },
    { "store_reach", tfr_check_store_reach },
    { "unwatched", tfr_check_unwatched },
    { "unwatched_dead_letters", tfr_check_unwatched_dead_letters },
    { "upload_cors", tfr_check_upload_cors },
    { "vpc_conditions", tfr_check_vpc_conditions },
    { NULL, NULL },
};

const struct tfr_analyser *tfr_analyser_find(const char *name)
{
    for (const struct tfr_analyser *at = tfr_analysers; at->name != NULL; at++) {
        if (strcmp(at->name, name) == 0)
            return at;
    }
    return NULL;
}
