/* SPDX-License-Identifier: Apache-2.0 */
/* Attributes whose JSON text Checkov enters. Facts: checkov/terraform/plan_parser.py of 3.3. */
#include "policies/checkov_written.h"

#include <string.h>

/* Where JSON text is entered, in the order of the type's name. */
static const char *const json_attributes[][2] = {
    { "aws_acmpca_policy", "policy" },
    { "aws_api_gateway_rest_api_policy", "policy" },
    { "aws_backup_vault_policy", "policy" },
    { "aws_batch_job_definition", "container_properties" },
    { "aws_cloudwatch_event_bus_policy", "policy" },
    { "aws_cloudwatch_log_destination_policy", "access_policy" },
    { "aws_cloudwatch_log_resource_policy", "policy_document" },
    { "aws_codebuild_resource_policy", "policy" },
    { "aws_dynamodb_resource_policy", "policy" },
    { "aws_ecr_registry_policy", "policy" },
    { "aws_ecr_repository_policy", "policy" },
    { "aws_ecrpublic_repository_policy", "policy" },
    { "aws_ecs_task_definition", "container_definitions" },
    { "aws_efs_file_system_policy", "policy" },
    { "aws_elasticsearch_domain_policy", "access_policies" },
    { "aws_glue_resource_policy", "policy" },
    { "aws_iam_group_policy", "policy" },
    { "aws_iam_policy", "policy" },
    { "aws_iam_role", "assume_role_policy" },
    { "aws_iam_role_policy", "policy" },
    { "aws_iam_user_policy", "policy" },
    { "aws_iot_policy", "policy" },
    { "aws_kinesis_resource_policy", "policy" },
    { "aws_kms_key", "policy" },
    { "aws_media_store_container_policy", "policy" },
    { "aws_msk_cluster_policy", "policy" },
    { "aws_networkfirewall_resource_policy", "policy" },
    { "aws_oam_sink_policy", "policy" },
    { "aws_opensearch_domain_policy", "access_policies" },
    { "aws_opensearchserverless_access_policy", "policy" },
    { "aws_redshift_resource_policy", "policy" },
    { "aws_redshiftserverless_resource_policy", "policy" },
    { "aws_s3_bucket_policy", "policy" },
    { "aws_s3control_access_point_policy", "policy" },
    { "aws_s3control_bucket_policy", "policy" },
    { "aws_schemas_registry_policy", "policy" },
    { "aws_secretsmanager_secret_policy", "policy" },
    { "aws_ses_identity_policy", "policy" },
    { "aws_sesv2_email_identity_policy", "policy" },
    { "aws_sns_topic_data_protection_policy", "policy" },
    { "aws_sns_topic_policy", "policy" },
    { "aws_sqs_queue_policy", "policy" },
    { "aws_ssoadmin_permission_set_inline_policy", "inline_policy" },
    { "aws_vpc_endpoint", "policy" },
    { "aws_vpc_endpoint_policy", "policy" },
    { "aws_vpclattice_auth_policy", "policy" },
    { "aws_vpclattice_resource_policy", "policy" },
    { "azurerm_portal_dashboard", "dashboard_properties" },
    { "google_project_iam_policy", "policy_data" },
};
#define JSON_ATTRIBUTE_COUNT (sizeof json_attributes / sizeof json_attributes[0])

const char *tfr_checkov_json_attribute(const char *type)
{
    size_t low = 0, high = JSON_ATTRIBUTE_COUNT;

    while (low < high) {
        const size_t middle = (low + high) / 2;
        const int order = strcmp(type, json_attributes[middle][0]);

        if (order == 0)
            return json_attributes[middle][1];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
