# SPDX-License-Identifier: Apache-2.0
"""What the AWS provider (5.x) writes of a resource beside its arguments: the stacks' arguments are in stack.py.

Each type has two dictionaries: what is known after the apply only, and what is known before it. Blocks of arguments are
merged into the block that stands here. In the texts: @stack, @key, @name (of the block), @number (of the key), @hex and
@uuid (drawn for each object), @.argument (an argument of the same block, as it is written).
"""
import json

ACCOUNT, REGION = "123456789012", "eu-central-1"


def text(value):
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


def arn(service, rest, region=REGION, account=ACCOUNT):
    return f"arn:aws:{service}:{region}:{account}:{rest}"


def same(value, *names):
    return {name: value for name in names}


def empty(*names):
    return same("", *names)


def unset(*names):
    return same(None, *names)


def off(*names):
    return same(False, *names)


def none(*names):
    return same([], *names)


def zero(*names):
    return same(0, *names)


def owned(service, rest, prefix):
    """Of what EC2 numbers: the ARN, the id and whose it is."""
    return {"arn": arn(service, f"{rest}/{prefix}-0@hex"), "id": f"{prefix}-0@hex", "owner_id": ACCOUNT}


def policy_of_account(actions, resource):
    return text({"Version": "2012-10-17", "Id": "__default_policy_ID", "Statement": [
        {"Sid": "__default_statement_ID", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
         "Action": actions, "Resource": resource}]})


ACTION = {"order": 1, "target_group_arn": "",
          **none("authenticate_cognito", "authenticate_oidc", "fixed_response", "forward", "redirect")}
GATEWAYS = empty("carrier_gateway_id", "core_network_arn", "destination_prefix_list_id", "egress_only_gateway_id", "gateway_id",
                 "local_gateway_id", "nat_gateway_id", "network_interface_id", "transit_gateway_id", "vpc_endpoint_id",
                 "vpc_peering_connection_id")
BALANCER = f"{REGION}:{ACCOUNT}:loadbalancer/app/@.name/@hex"
RULE = {"description": "", "self": False, **none("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups")}

NETWORK = {
    "vpc": ({**owned("ec2", "vpc", "vpc"), "default_network_acl_id": "acl-0@hex", "default_route_table_id": "rtb-0@hex",
             "default_security_group_id": "sg-0@hex", "dhcp_options_id": "dopt-0@hex", "main_route_table_id": "rtb-0@hex"},
            {"assign_generated_ipv6_cidr_block": False, "enable_dns_support": True, "instance_tenancy": "default",
             "enable_network_address_usage_metrics": False, "ipv6_netmask_length": 0,
             **empty("ipv6_association_id", "ipv6_cidr_block", "ipv6_cidr_block_network_border_group", "ipv6_ipam_pool_id"),
             **unset("ipv4_ipam_pool_id", "ipv4_netmask_length")}),
    "internet_gateway": (owned("ec2", "internet-gateway", "igw"), unset("timeouts")),
    "subnet": ({**owned("ec2", "subnet", "subnet"), "availability_zone_id": "euc1-az-@key"},
               {"enable_lni_at_device_index": 0, "private_dns_hostname_type_on_launch": "ip-name",
                **off("assign_ipv6_address_on_creation", "enable_dns64", "enable_resource_name_dns_a_record_on_launch",
                      "enable_resource_name_dns_aaaa_record_on_launch", "ipv6_native", "map_customer_owned_ip_on_launch",
                      "map_public_ip_on_launch"),
                **empty("customer_owned_ipv4_pool", "ipv6_cidr_block", "ipv6_cidr_block_association_id", "outpost_arn"),
                **unset("timeouts")}),
    "eip": ({"allocation_id": "eipalloc-0@hex", "arn": arn("ec2", "elastic-ip/eipalloc-0@hex"), "id": "eipalloc-0@hex",
             "association_id": "eipassoc-0@hex", "network_interface": "eni-0@hex", "private_ip": "10.4.@number.17",
             "private_dns": f"ip-10-4-@number-17.{REGION}.compute.internal", "public_ip": "198.51.100.1@number",
             "public_dns": f"ec2-198-51-100-1@number.{REGION}.compute.amazonaws.com", "ptr_record": "",
             **empty("carrier_ip", "customer_owned_ip", "instance")},
            {"network_border_group": REGION, "public_ipv4_pool": "amazon", "vpc": True, **empty("customer_owned_ipv4_pool"),
             **unset("address", "associate_with_private_ip", "ipam_pool_id", "timeouts")}),
    "nat_gateway": ({"association_id": "eipassoc-0@hex", "id": "nat-0@hex", "network_interface_id": "eni-0@hex",
                     "private_ip": "10.4.@number.17", "public_ip": "198.51.100.1@number"},
                    {"connectivity_type": "public", "secondary_private_ip_address_count": 0, **unset("timeouts"),
                     **none("secondary_allocation_ids", "secondary_private_ip_addresses")}),
    "route_table": (owned("ec2", "route-table", "rtb"), {"propagating_vgws": [], "route": [], **unset("timeouts")}),
    "route": ({"id": "r-@.route_table_id1080289494", "origin": "CreateRoute", "state": "active",
               **empty("instance_id", "instance_owner_id")},
              {**GATEWAYS, **empty("destination_ipv6_cidr_block"), **unset("timeouts")}),
    "route_table_association": ({"id": "rtbassoc-0@hex"}, {"gateway_id": "", **unset("timeouts")}),
    "security_group": (owned("ec2", "security-group", "sg"),
                       {"egress": [RULE], "ingress": [RULE], "name_prefix": "", "revoke_rules_on_delete": False,
                        **unset("timeouts")}),
    "security_group_rule": ({"id": "sgrule-@number@number8467", "security_group_rule_id": "sgr-0@hex"},
                            {"self": False, **none("prefix_list_ids", "ipv6_cidr_blocks"),
                             **unset("source_security_group_id", "timeouts")}),
    "lb": ({"arn": "arn:aws:elasticloadbalancing:" + BALANCER, "id": "arn:aws:elasticloadbalancing:" + BALANCER,
            "arn_suffix": "app/@.name/@hex", "dns_name": f"@.name-@number771904.{REGION}.elb.amazonaws.com",
            "zone_id": "Z215JYRZR1TBD5"},
           {"access_logs": [{"bucket": "", "enabled": False, "prefix": ""}], "client_keep_alive": 3600, "idle_timeout": 60,
            "connection_logs": [{"bucket": "", "enabled": False, "prefix": ""}], "desync_mitigation_mode": "defensive",
            "enable_cross_zone_load_balancing": True, "enable_http2": True, "ip_address_type": "ipv4",
            "xff_header_processing_mode": "append", **none("ipam_pools", "minimum_load_balancer_capacity"),
            **off("enable_tls_version_and_cipher_suite_headers", "enable_waf_fail_open", "enable_xff_client_port",
                  "enable_zonal_shift", "preserve_host_header"),
            **empty("customer_owned_ipv4_pool", "enforce_security_group_inbound_rules_on_private_link_traffic", "name_prefix"),
            **unset("dns_record_client_routing_policy", "timeouts")}),
    "lb_target_group": ({"arn": arn("elasticloadbalancing", "targetgroup/@.name/@hex"), "arn_suffix": "targetgroup/@.name/@hex",
                         "id": arn("elasticloadbalancing", "targetgroup/@.name/@hex")},
                        {"health_check": [{"enabled": True, "healthy_threshold": 3, "interval": 30, "matcher": "200",
                                           "port": "traffic-port", "protocol": "HTTP", "timeout": 5, "unhealthy_threshold": 3}],
                         "ip_address_type": "ipv4", "load_balancing_algorithm_type": "round_robin", "slow_start": 0,
                         "load_balancing_anomaly_mitigation": "off", "protocol_version": "HTTP1", "target_health_state": [],
                         "load_balancing_cross_zone_enabled": "use_load_balancer_configuration",
                         "stickiness": [{"cookie_duration": 86400, "cookie_name": "", "enabled": False, "type": "lb_cookie"}],
                         "target_failover": [unset("on_deregistration", "on_unhealthy")],
                         "target_group_health": [{
                             "dns_failover": [{"minimum_healthy_targets_count": "1",
                                               "minimum_healthy_targets_percentage": "off"}],
                             "unhealthy_state_routing": [{"minimum_healthy_targets_count": 1,
                                                          "minimum_healthy_targets_percentage": "off"}]}],
                         **off("lambda_multi_value_headers_enabled", "proxy_protocol_v2"), **empty("name_prefix"),
                         **unset("connection_termination", "preserve_client_ip")}),
    "lb_listener": ({},  # its ARN holds the balancer's: stack.py
                    {"default_action": [ACTION], "routing_http_response_server_enabled": True, "ssl_policy": "",
                     **none("mutual_authentication"), **unset("alpn_policy", "certificate_arn", "timeouts"),
                     **unset(*[f"routing_http_request_x_amzn_{name}_header_name" for name in (
                         "mtls_clientcert", "mtls_clientcert_issuer", "mtls_clientcert_leaf", "mtls_clientcert_serial_number",
                         "mtls_clientcert_subject", "mtls_clientcert_validity", "tls_cipher_suite", "tls_version")]),
                     **unset("tcp_idle_timeout_seconds"),
                     **empty(*[f"routing_http_response_{name}_header_value" for name in (
                         "access_control_allow_credentials", "access_control_allow_headers", "access_control_allow_methods",
                         "access_control_allow_origin", "access_control_expose_headers", "access_control_max_age",
                         "content_security_policy", "strict_transport_security", "x_content_type_options",
                         "x_frame_options")])}),
    "lb_listener_rule": ({},
                         {"action": [ACTION], "condition": [none("host_header", "http_header", "http_request_method",
                                                                 "path_pattern", "query_string", "source_ip")]}),
    "route53_record": ({"fqdn": "@.name", "id": "Z0423517TFEXAMPLE_@.name_A"},
                       {"multivalue_answer_routing_policy": False, "ttl": 0, **empty("health_check_id", "set_identifier"),
                        **none("cidr_routing_policy", "failover_routing_policy", "geolocation_routing_policy",
                               "geoproximity_routing_policy", "latency_routing_policy", "records", "weighted_routing_policy"),
                        **unset("allow_overwrite", "timeouts")}),
}

RUNNING = {
    "ecs_cluster": ({"arn": arn("ecs", "cluster/@.name"), "id": arn("ecs", "cluster/@.name")},
                    none("configuration", "service_connect_defaults")),
    "ecs_task_definition": ({"arn": arn("ecs", "task-definition/@.family:7"), "id": "@.family", "revision": 7,
                             "arn_without_revision": arn("ecs", "task-definition/@.family"), "enable_fault_injection": False},
                            {**none("ephemeral_storage", "inference_accelerator", "placement_constraints",
                                    "proxy_configuration", "volume"),
                             **off("skip_destroy", "track_latest"), **empty("ipc_mode", "pid_mode")}),
    "ecs_service": ({"id": arn("ecs", "service/@stack/@.name")},
                    {"availability_zone_rebalancing": "DISABLED", "deployment_controller": [{"type": "ECS"}],
                     "deployment_maximum_percent": 200, "enable_execute_command": False, "triggers": {},
                     "iam_role": "/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS", "platform_version": "LATEST",
                     "load_balancer": [{"elb_name": ""}], "scheduling_strategy": "REPLICA",
                     **none("alarms", "capacity_provider_strategy", "ordered_placement_strategy", "placement_constraints",
                            "service_connect_configuration", "service_registries", "volume_configuration",
                            "vpc_lattice_configurations"),
                     **unset("force_delete", "force_new_deployment", "timeouts", "wait_for_steady_state")}),
    "appautoscaling_target": ({"arn": arn("application-autoscaling", "scalable-target/0@hex"), "id": "@.resource_id",
                               "role_arn": arn("iam", "role/aws-service-role/ecs.application-autoscaling.amazonaws.com/"
                                                      "AWSServiceRoleForApplicationAutoScaling_ECSService", "")},
                              {"suspended_state": [off("dynamic_scaling_in_suspended", "dynamic_scaling_out_suspended",
                                                       "scheduled_scaling_suspended")]}),
    "appautoscaling_policy": ({"alarm_arns": [arn("cloudwatch", "alarm:TargetTracking-@.resource_id-AlarmHigh-@uuid")],
                               "arn": arn("autoscaling", "scalingPolicy:@uuid:resource/ecs/@.resource_id:policyName/@.name"),
                               "id": "@.name"},
                              {"step_scaling_policy_configuration": [], "target_tracking_scaling_policy_configuration": [{
                                  "customized_metric_specification": [], "disable_scale_in": False,
                                  "predefined_metric_specification": [{"resource_label": ""}]}]}),
    "cloudwatch_log_group": ({"arn": arn("logs", "log-group:@.name"), "id": "@.name"},
                             {"log_group_class": "STANDARD", "name_prefix": "", "skip_destroy": False}),
    "cloudwatch_metric_alarm": ({"arn": arn("cloudwatch", "alarm:@.alarm_name"), "id": "@.alarm_name"},
                                {"actions_enabled": True, "datapoints_to_alarm": 0, "treat_missing_data": "missing",
                                 **none("insufficient_data_actions", "metric_query", "ok_actions"),
                                 **empty("evaluate_low_sample_count_percentiles", "extended_statistic", "threshold_metric_id",
                                         "unit")}),
    "iam_role": ({"arn": arn("iam", "role/@.name", ""), "id": "@.name", "create_date": "2026-01-09T08:00:00Z",
                  "unique_id": "AROA@hex", **none("managed_policy_arns", "inline_policy")},
                 {"force_detach_policies": False, "max_session_duration": 3600, "path": "/",
                  **empty("name_prefix", "permissions_boundary")}),
    "iam_role_policy": ({"id": "@.role:@.name", "name_prefix": ""}, {}),
    "iam_role_policy_attachment": ({"id": "@.role-20260109080000@number"}, {}),
    "lambda_function": ({"arn": arn("lambda", "function:@.function_name"), "code_sha256": "@hex@hex/0Zp1w3Yk=",
                         "id": "@.function_name", "last_modified": "2026-10-01T08:00:00.000+0000", "source_code_size": 40960,
                         "invoke_arn": f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/"
                                       + arn("lambda", "function:@.function_name/invocations"),
                         "qualified_arn": arn("lambda", "function:@.function_name:$LATEST"), "version": "$LATEST",
                         "qualified_invoke_arn": f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/"
                                                 + arn("lambda", "function:@.function_name:$LATEST/invocations"),
                         **empty("signing_job_arn", "signing_profile_version_arn")},
                        {"ephemeral_storage": [{"size": 512}], "package_type": "Zip", "reserved_concurrent_executions": -1,
                         "logging_config": [{"application_log_level": "", "log_format": "Text", "system_log_level": "",
                                             "log_group": "/aws/lambda/@.function_name"}],
                         "source_code_hash": "@hex@hex/0Zp1w3Yk=", "vpc_config": [{"ipv6_allowed_for_dual_stack": False}],
                         **empty("code_signing_config_arn", "image_uri"), **off("publish", "skip_destroy"),
                         **none("file_system_config", "image_config", "layers", "snap_start"),
                         **unset("filename", "replace_security_groups_on_destroy", "replacement_security_group_ids",
                                 "s3_object_version", "timeouts")}),
    "lambda_event_source_mapping": ({"arn": arn("lambda", "event-source-mapping:@uuid"), "id": "@uuid", "uuid": "@uuid",
                                     "function_arn": "@.function_name", "last_modified": "2026-10-01T08:00:00Z",
                                     "last_processing_result": "", "state": "Enabled",
                                     "state_transition_reason": "USER_INITIATED"},
                                    {"bisect_batch_on_function_error": False, "enabled": True, "kms_key_arn": "",
                                     **none("amazon_managed_kafka_event_source_config", "destination_config",
                                            "document_db_event_source_config", "filter_criteria", "metrics_config",
                                            "provisioned_poller_config", "queues", "scaling_config",
                                            "self_managed_event_source", "self_managed_kafka_event_source_config",
                                            "source_access_configuration", "topics"),
                                     **zero("maximum_record_age_in_seconds", "maximum_retry_attempts",
                                            "parallelization_factor", "tumbling_window_in_seconds"),
                                     **empty("starting_position", "starting_position_timestamp")}),
    "cloudwatch_event_rule": ({"arn": arn("events", "rule/@.name"), "id": "@.name"},
                              {"event_bus_name": "default", "force_destroy": False, "is_enabled": True, "state": "ENABLED",
                               **empty("name_prefix", "role_arn"), **unset("event_pattern")}),
    "cloudwatch_event_target": ({"id": "@.rule-@.target_id"},
                                {"event_bus_name": "default", "force_destroy": False,
                                 **none("appsync_target", "batch_target", "dead_letter_config", "ecs_target", "http_target",
                                        "input_transformer", "kinesis_target", "redshift_target", "retry_policy",
                                        "run_command_targets", "sagemaker_pipeline_target", "sqs_target"),
                                 **empty("input_path", "role_arn")}),
    "sns_topic": ({"arn": arn("sns", "@.name"), "id": arn("sns", "@.name"), "owner": ACCOUNT, "beginning_archive_time": "",
                   "policy": policy_of_account(["SNS:Publish", "SNS:Subscribe", "SNS:GetTopicAttributes"],
                                               arn("sns", "@.name"))},
                  {"signature_version": 0, **off("content_based_deduplication", "fifo_topic"),
                   **empty("archive_policy", "delivery_policy", "display_name", "fifo_throughput_scope", "name_prefix",
                           "tracing_config"),
                   **empty(*[f"{end}_{what}_feedback_role_arn" for end in ("application", "firehose", "http", "lambda", "sqs")
                             for what in ("failure", "success")]),
                   **zero(*[f"{end}_success_feedback_sample_rate" for end in ("application", "firehose", "http", "lambda",
                                                                              "sqs")])}),
    "sns_topic_subscription": ({"arn": "@.topic_arn:@uuid", "id": "@.topic_arn:@uuid", "owner_id": ACCOUNT,
                                "confirmation_was_authenticated": True, "pending_confirmation": False},
                               {"confirmation_timeout_in_minutes": 1, "endpoint_auto_confirms": False,
                                "filter_policy_scope": "", **empty("delivery_policy", "redrive_policy", "replay_policy",
                                                                   "subscription_role_arn", "filter_policy")}),
    "sqs_queue": ({"arn": arn("sqs", "@.name"), "id": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/@.name",
                   "url": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/@.name", "redrive_allow_policy": ""},
                  {"delay_seconds": 0, "kms_data_key_reuse_period_seconds": 300, "max_message_size": 262144,
                   "policy": "", "redrive_policy": "", **unset("timeouts"),
                   **off("content_based_deduplication", "fifo_queue", "sqs_managed_sse_enabled"),
                   **empty("deduplication_scope", "fifo_throughput_limit", "name_prefix")}),
}

DATABASE = f"@.identifier.c7d0r2n4kq1x.{REGION}.rds.amazonaws.com"
CACHE = "@.replication_group_id.x3k9qa.euc1.cache.amazonaws.com"

STORING = {
    "kms_key": ({"arn": arn("kms", "key/@uuid"), "id": "@uuid", "key_id": "@uuid",
                 "policy": policy_of_account("kms:*", "*")},
                {"customer_master_key_spec": "SYMMETRIC_DEFAULT", "is_enabled": True, "key_usage": "ENCRYPT_DECRYPT",
                 "rotation_period_in_days": 365, **off("bypass_policy_lockout_safety_check", "multi_region"),
                 **empty("custom_key_store_id", "xks_key_id"), **unset("timeouts")}),
    "kms_alias": ({"arn": arn("kms", "@.name"), "id": "@.name", "name_prefix": "",
                   "target_key_arn": arn("kms", "key/@.target_key_id")}, {}),
    "ssm_parameter": ({"arn": arn("ssm", "parameter@.name"), "id": "@.name", "version": 3},
                      {"allowed_pattern": "", "data_type": "text", "tier": "Standard",
                       **unset("has_value_wo", "insecure_value", "overwrite", "value_wo", "value_wo_version")}),
    "secretsmanager_secret": ({"arn": arn("secretsmanager", "secret:@.name-0@number4Xq"),
                               "id": arn("secretsmanager", "secret:@.name-0@number4Xq")},
                              {"force_overwrite_replica_secret": False, "replica": [], **empty("name_prefix", "policy")}),
    "db_subnet_group": ({"arn": arn("rds", "subgrp:@.name"), "id": "@.name", "supported_network_types": ["IPV4"]},
                        {"description": "Managed by Terraform", "name_prefix": ""}),
    "db_instance": ({"address": DATABASE, "arn": arn("rds", "db:@.identifier"), "endpoint": DATABASE + ":5432",
                     "engine_version_actual": "17.2", "hosted_zone_id": "Z1RLNUO7B9Q6NB", "id": "db-@hex",
                     "latest_restorable_time": "2026-11-01T08:00:00Z", "resource_id": "db-@hex", "status": "available",
                     **none("listener_endpoint", "master_user_secret", "replicas")},
                    {"apply_immediately": False, "auto_minor_version_upgrade": True, "availability_zone": REGION + "a",
                     "backup_target": "region", "backup_window": "02:00-03:00", "ca_cert_identifier": "rds-ca-rsa2048-g1",
                     "database_insights_mode": "standard", "delete_automated_backups": True, "iops": 3000,
                     "engine_lifecycle_support": "open-source-rds-extended-support", "license_model": "postgresql-license",
                     "maintenance_window": "sun:04:00-sun:05:00", "monitoring_interval": 0, "network_type": "IPV4",
                     "option_group_name": "default:postgres-17", "parameter_group_name": "default.postgres17", "port": 5432,
                     "performance_insights_retention_period": 7, "storage_throughput": 125,
                     **none("blue_green_update", "domain_dns_ips", "restore_to_point_in_time", "s3_import"),
                     **off("customer_owned_ip_enabled", "dedicated_log_volume", "iam_database_authentication_enabled"),
                     **empty("character_set_name", "custom_iam_instance_profile", "domain", "domain_auth_secret_arn",
                             "domain_fqdn", "domain_iam_role_name", "domain_ou", "identifier_prefix", "monitoring_role_arn",
                             "nchar_character_set_name", "replica_mode", "replicate_source_db", "timezone"),
                     **unset("allow_major_version_upgrade", "manage_master_user_password", "master_user_secret_kms_key_id",
                             "password_wo", "password_wo_version", "snapshot_identifier", "timeouts",
                             "upgrade_storage_config")}),
    "elasticache_subnet_group": ({"arn": arn("elasticache", "subnetgroup:@.name"), "id": "@.name"},
                                 {"description": "Managed by Terraform"}),
    "elasticache_replication_group": ({"arn": arn("elasticache", "replicationgroup:@.replication_group_id"),
                                       "engine_version_actual": "7.1.0", "id": "@.replication_group_id",
                                       "member_clusters": [f"@.replication_group_id-00{node}" for node in (1, 2)],
                                       "primary_endpoint_address": "master." + CACHE,
                                       "reader_endpoint_address": "replica." + CACHE},
                                      {"auth_token_update_strategy": "ROTATE", "auto_minor_version_upgrade": "true",
                                       "cluster_mode": "disabled", "ip_discovery": "ipv4", "network_type": "ipv4",
                                       "maintenance_window": "sun:05:00-sun:06:00", "num_node_groups": 1, "port": 6379,
                                       "parameter_group_name": "default.redis7", "replicas_per_node_group": 1,
                                       "snapshot_window": "02:00-03:00", "transit_encryption_mode": "required",
                                       **none("log_delivery_configuration", "security_group_names", "user_group_ids"),
                                       **off("cluster_enabled", "data_tiering_enabled"),
                                       **unset("apply_immediately", "auth_token", "configuration_endpoint_address",
                                               "final_snapshot_identifier", "global_replication_group_id",
                                               "notification_topic_arn", "preferred_cache_cluster_azs", "snapshot_arns",
                                               "snapshot_name", "timeouts")}),
    "s3_bucket": ({"arn": "arn:aws:s3:::@.bucket", "bucket_domain_name": "@.bucket.s3.amazonaws.com", "id": "@.bucket",
                   "bucket_regional_domain_name": f"@.bucket.s3.{REGION}.amazonaws.com", "hosted_zone_id": "Z21DNDUVLTQW6Q",
                   "region": REGION, **unset("website_domain", "website_endpoint")},
                  {"grant": [{"id": "@hex@hex@hex@hex", "permissions": ["FULL_CONTROL"], "type": "CanonicalUser", "uri": ""}],
                   "object_lock_enabled": False, "request_payer": "BucketOwner", **unset("acl", "timeouts"),
                   **none("cors_rule", "lifecycle_rule", "logging", "object_lock_configuration", "replication_configuration",
                          "website"),
                   **empty("acceleration_status", "bucket_prefix", "policy")}),
    "s3_bucket_versioning": ({"id": "@.bucket"}, {"expected_bucket_owner": "", "versioning_configuration": [{"mfa_delete": ""}],
                                                  **unset("mfa")}),
    "s3_bucket_server_side_encryption_configuration": ({"id": "@.bucket"}, {"expected_bucket_owner": ""}),
    "s3_bucket_public_access_block": ({"id": "@.bucket"}, {}),
    "s3_bucket_policy": ({"id": "@.bucket"}, {}),
    "s3_object": ({"arn": "arn:aws:s3:::@.bucket/@.key", "id": "@.key", "etag": "@hex@hex"},
                  {"content_type": "text/plain", "force_destroy": False}),
    "dynamodb_table": ({"arn": arn("dynamodb", "table/@.name"), "id": "@.name", **empty("stream_arn", "stream_label")},
                       {"table_class": "STANDARD", "ttl": [{"attribute_name": "", "enabled": False}], "stream_enabled": False,
                        "point_in_time_recovery": [{"recovery_period_in_days": 35}], **empty("stream_view_type"),
                        **none("global_secondary_index", "import_table", "local_secondary_index", "on_demand_throughput",
                               "replica"),
                        **unset("restore_date_time", "restore_source_name", "restore_source_table_arn",
                                "restore_to_latest_time", "timeouts"), **zero("read_capacity", "write_capacity")}),
    "backup_vault": ({"arn": arn("backup", "backup-vault:@.name"), "id": "@.name", "recovery_points": 34},
                     {"force_destroy": False, **unset("timeouts")}),
    "backup_plan": ({"arn": arn("backup", "backup-plan:@uuid"), "id": "@uuid", "version": "@hex@hex@hex"},
                    {"advanced_backup_setting": [], "rule": [{
                        "completion_window": 180, "copy_action": [], "enable_continuous_backup": False, "start_window": 60,
                        "lifecycle": [{"cold_storage_after": 0, "opt_in_to_archive_for_supported_resources": False}],
                        "recovery_point_tags": {}, "schedule_expression_timezone": "Etc/UTC"}]}),
}

TYPES = {**NETWORK, **RUNNING, **STORING}
WITHOUT_TAGS = {"appautoscaling_policy", "cloudwatch_event_target", "iam_role_policy", "iam_role_policy_attachment",
                "kms_alias", "route", "route53_record", "route_table_association", "s3_bucket_policy", "s3_bucket_public_access_block",
                "s3_bucket_server_side_encryption_configuration", "s3_bucket_versioning", "s3_object", "security_group_rule",
                "sns_topic_subscription"}
SENSITIVE = {"db_instance": ("password", "password_wo"), "elasticache_replication_group": ("auth_token",),
             "ssm_parameter": ("value", "value_wo")}
SCHEMA_VERSIONS = {"cloudwatch_metric_alarm": 1, "db_instance": 2, "dynamodb_table": 1, "ecs_service": 1,
                   "ecs_task_definition": 1, "elasticache_replication_group": 2, "route53_record": 2, "security_group": 1,
                   "security_group_rule": 2, "subnet": 1, "vpc": 1}
# The argument that a plan changes, and that cannot be changed in place.
FORCES_NEW = {"appautoscaling_policy": "name", "cloudwatch_event_target": "target_id", "cloudwatch_metric_alarm": "alarm_name",
              "ecs_task_definition": "container_definitions", "elasticache_replication_group": "port",
              "route53_record": "name", "security_group_rule": "to_port"}
