#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes one large plan or state, wholly invented, to standard output; same options, same bytes.

    generate.py [--kind plan|state|raw-state] [--resources N] [--modules M] [--shape SHAPE] [--seed S]
    generate.py --documents N --into DIR ...     N documents of consecutive seeds, a file each

The world: the root module calls M services with for_each; every instance of a service is a stack of some 50 resources
in three modules (itself, network, data) that refer to each other by id and ARN. Each type's values are written once as
JSON with tokens (@stack, @key, @hash) in it, and an instance is a replacement of the tokens: so 500 MB take seconds, and
memory is one stack. About one stack in five is set up badly, so that policies have something to find.

Shapes: ordinary; one-module (all blocks in one module, for_each over many keys); deep (stacks 30 modules down);
for-each (one block of a queue, N keys); deleted (everything goes); findings (everything is set up badly);
long-string (a few resources, and one string of 50 MB); small (eight resources, 10 KB as a raw state).
"""
import argparse
import json
import os
import sys
import zlib

ACCOUNT, REGION, VERSION = "123456789012", "eu-central-1", "1.11.4"
PROVIDER = "registry.terraform.io/hashicorp/aws"
LONG_STRING = 50_000_000
LEVELS = 30


def text(value):
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


def arn(service, rest, region=REGION):
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{rest}"


def statement(actions, resource):
    return text({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": resource}]})


def trusted(service):
    return text({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}]})


KMS = arn("kms", "key/@stack-key")
BALANCER = arn("elasticloadbalancing", "loadbalancer/app/@stack/edge")
SUBNETS = [f"subnet-@stack-{zone}" for zone in "abc"]

# ---- what the resources look like ------------------------------------------------------------------------------------

# The good setting and the bad one.
SWITCH = {}


def switch(good, bad):
    token = f"@switch{len(SWITCH)}@"
    SWITCH[token] = (text(good), text(bad))
    return token


def rule(port, cidrs, note):
    return {"cidr_blocks": cidrs, "description": note, "from_port": port, "ipv6_cidr_blocks": [], "prefix_list_ids": [],
            "protocol": "tcp", "security_groups": [], "self": False, "to_port": port}


def containers():
    return text([{"name": "@key", "image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/@key:@hash", "cpu": 256,
                  "memory": 512, "essential": True, "portMappings": [{"containerPort": 8080, "protocol": "tcp"}],
                  "environment": [{"name": "LOG_LEVEL", "value": "info"},
                                  {"name": "ORDERS_QUEUE", "value": "@stack-orders"},
                                  {"name": "DATABASE_HOST", "value": "@stack-main.example.internal"}],
                  "logConfiguration": {"logDriver": "awslogs", "options": {
                      "awslogs-group": "/ecs/@stack", "awslogs-region": REGION, "awslogs-stream-prefix": "app"}}}])


def empty(*names):
    return {name: "" for name in names}


def unset(*names):
    return {name: None for name in names}


VALUES = {
    "kms_key": {"arn": KMS, "id": "@stack-key", "key_id": "@stack-key", "description": "data of @stack",
                "deletion_window_in_days": 30, "enable_key_rotation": switch(True, False), "is_enabled": True,
                "key_usage": "ENCRYPT_DECRYPT", "multi_region": False, "policy": statement("kms:*", "*"),
                "customer_master_key_spec": "SYMMETRIC_DEFAULT", "rotation_period_in_days": 365,
                "bypass_policy_lockout_safety_check": False, **empty("custom_key_store_id", "xks_key_id"),
                **unset("timeouts")},
    "subnet": {"arn": arn("ec2", "subnet/subnet-@stack-@key"), "id": "subnet-@stack-@key", "vpc_id": "vpc-@stack",
               "availability_zone": REGION + "@key", "availability_zone_id": "euc1-az@key", "cidr_block": "10.4.@num.0/24",
               "assign_ipv6_address_on_creation": False, "enable_dns64": False, "enable_lni_at_device_index": 0,
               "enable_resource_name_dns_a_record_on_launch": False, "ipv6_native": False, "map_public_ip_on_launch": False,
               "enable_resource_name_dns_aaaa_record_on_launch": False, "map_customer_owned_ip_on_launch": False,
               "owner_id": ACCOUNT, "private_dns_hostname_type_on_launch": "ip-name",
               **empty("customer_owned_ipv4_pool", "ipv6_cidr_block", "ipv6_cidr_block_association_id", "outpost_arn"),
               **unset("timeouts")},
    "security_group": {"arn": arn("ec2", "security-group/sg-@stack-@name"), "id": "sg-@stack-@name",
                       "vpc_id": "vpc-@stack", "name": "@stack-@name", "description": "traffic of @stack",
                       "ingress": [rule(443, ["0.0.0.0/0"], "from anywhere"),
                                   rule(8080, switch(["10.4.0.0/16"], ["0.0.0.0/0"]), "from the balancer")],
                       "egress": [rule(0, ["0.0.0.0/0"], "")], "owner_id": ACCOUNT, "revoke_rules_on_delete": False,
                       **empty("name_prefix"), **unset("timeouts")},
    "lb": {"arn": BALANCER, "id": BALANCER, "arn_suffix": "app/@stack/edge", "name": "@stack", "internal": False,
           "dns_name": f"@stack-@hash.{REGION}.elb.amazonaws.com", "load_balancer_type": "application",
           "enable_deletion_protection": switch(True, False), "drop_invalid_header_fields": switch(True, False),
           "access_logs": [{"bucket": "@stack-logs", "enabled": switch(True, False), "prefix": "edge"}],
           "connection_logs": [{"bucket": "", "enabled": False, "prefix": ""}], "client_keep_alive": 3600,
           "desync_mitigation_mode": "defensive", "enable_cross_zone_load_balancing": True, "enable_http2": True,
           "enable_tls_version_and_cipher_suite_headers": False, "enable_waf_fail_open": False,
           "enable_xff_client_port": False, "enable_zonal_shift": False, "idle_timeout": 60, "ip_address_type": "ipv4",
           "preserve_host_header": False, "security_groups": ["sg-@stack-edge"], "subnets": SUBNETS,
           "subnet_mapping": [{"allocation_id": "", "ipv6_address": "", "outpost_id": "", "private_ipv4_address": "",
                               "subnet_id": subnet} for subnet in SUBNETS],
           "vpc_id": "vpc-@stack", "xff_header_processing_mode": "append", "zone_id": "Z215JYRZR1TBD5",
           **empty("customer_owned_ipv4_pool", "name_prefix"), **unset("dns_record_client_routing_policy", "timeouts")},
    "lb_listener": {"arn": arn("elasticloadbalancing", "listener/app/@stack/edge/@hash"), "load_balancer_arn": BALANCER,
                    "id": arn("elasticloadbalancing", "listener/app/@stack/edge/@hash"), "port": 443,
                    "protocol": "HTTPS", "certificate_arn": arn("acm", "certificate/@stack"),
                    "ssl_policy": switch("ELBSecurityPolicy-TLS13-1-2-2021-06", "ELBSecurityPolicy-2016-08"),
                    "default_action": [{"authenticate_cognito": [], "authenticate_oidc": [], "fixed_response": [],
                                        "forward": [], "order": 1, "redirect": [], "type": "forward",
                                        "target_group_arn": arn("elasticloadbalancing", "targetgroup/@stack/app")}],
                    "mutual_authentication": [{"advertise_trust_store_ca_names": "", "mode": "off",
                                               "ignore_client_certificate_expiry": False, "trust_store_arn": ""}],
                    **unset("alpn_policy", "tcp_idle_timeout_seconds", "timeouts")},
    "lb_target_group": {"arn": arn("elasticloadbalancing", "targetgroup/@stack/app"), "name": "@stack-app",
                        "id": arn("elasticloadbalancing", "targetgroup/@stack/app"), "port": 8080, "protocol": "HTTP",
                        "arn_suffix": "targetgroup/@stack/app", "deregistration_delay": "30",
                        "health_check": [{"enabled": switch(True, False), "healthy_threshold": 3, "interval": 15,
                                          "matcher": "200", "path": "/health", "port": "traffic-port",
                                          "protocol": "HTTP", "timeout": 5, "unhealthy_threshold": 2}],
                        "ip_address_type": "ipv4", "lambda_multi_value_headers_enabled": False,
                        "load_balancer_arns": [BALANCER], "load_balancing_algorithm_type": "round_robin",
                        "load_balancing_anomaly_mitigation": "off", "protocol_version": "HTTP1", "slow_start": 0,
                        "load_balancing_cross_zone_enabled": "use_load_balancer_configuration",
                        "proxy_protocol_v2": False, "target_health_state": [], "target_type": "ip",
                        "stickiness": [{"cookie_duration": 86400, "cookie_name": "", "enabled": False,
                                        "type": "lb_cookie"}],
                        "target_failover": [{"on_deregistration": None, "on_unhealthy": None}], "vpc_id": "vpc-@stack",
                        **empty("name_prefix"), **unset("connection_termination", "preserve_client_ip")},
    "ecs_task_definition": {"arn": arn("ecs", "task-definition/@stack-@key:7"), "family": "@stack-@key",
                            "arn_without_revision": arn("ecs", "task-definition/@stack-@key"), "id": "@stack-@key",
                            "container_definitions": containers(), "cpu": "256", "memory": "512", "revision": 7,
                            "execution_role_arn": arn("iam", "role/@stack-start", ""), "network_mode": "awsvpc",
                            "task_role_arn": arn("iam", "role/@stack-work", ""), "requires_compatibilities": ["FARGATE"],
                            "runtime_platform": [{"cpu_architecture": "ARM64", "operating_system_family": "LINUX"}],
                            "enable_fault_injection": False, "ephemeral_storage": [], "inference_accelerator": [],
                            "placement_constraints": [], "proxy_configuration": [], "skip_destroy": False,
                            "track_latest": False, "volume": [], **empty("ipc_mode", "pid_mode")},
    "ecs_service": {"id": arn("ecs", "service/@stack/@key"), "name": "@stack-@key", "cluster": arn("ecs", "cluster/@stack"),
                    "task_definition": arn("ecs", "task-definition/@stack-@key:7"), "desired_count": switch(3, 1),
                    "alarms": [], "availability_zone_rebalancing": "DISABLED", "capacity_provider_strategy": [],
                    "deployment_circuit_breaker": [{"enable": switch(True, False), "rollback": switch(True, False)}],
                    "deployment_controller": [{"type": "ECS"}], "deployment_maximum_percent": 200,
                    "deployment_minimum_healthy_percent": switch(100, 0), "enable_ecs_managed_tags": True,
                    "enable_execute_command": False, "health_check_grace_period_seconds": 60, "launch_type": "FARGATE",
                    "iam_role": "/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
                    "load_balancer": [{"container_name": "@key", "container_port": 8080, "elb_name": "",
                                       "target_group_arn": arn("elasticloadbalancing", "targetgroup/@stack/app")}],
                    "network_configuration": [{"assign_public_ip": switch(False, True), "subnets": SUBNETS,
                                               "security_groups": ["sg-@stack-work"]}],
                    "ordered_placement_strategy": [], "placement_constraints": [], "platform_version": "LATEST",
                    "propagate_tags": "SERVICE", "scheduling_strategy": "REPLICA", "service_connect_configuration": [],
                    "service_registries": [], "triggers": {}, "volume_configuration": [], "vpc_lattice_configurations": [],
                    **unset("force_delete", "force_new_deployment", "timeouts", "wait_for_steady_state")},
    "iam_role": {"arn": arn("iam", "role/@stack-@name", ""), "id": "@stack-@name", "name": "@stack-@name",
                 "assume_role_policy": trusted("ecs-tasks.amazonaws.com"), "create_date": "2026-01-09T08:00:00Z",
                 "force_detach_policies": False, "inline_policy": [], "managed_policy_arns": [], "path": "/",
                 "max_session_duration": 3600, "unique_id": "AROA@hash",
                 **empty("description", "name_prefix", "permissions_boundary")},
    "iam_role_policy": {"id": "@stack-work:use", "name": "use", "role": "@stack-work", "policy": switch(
        statement(["sqs:SendMessage", "sqs:ReceiveMessage"], arn("sqs", "@stack-*")), statement("*", "*")),
        **empty("name_prefix")},
    "cloudwatch_log_group": {"arn": arn("logs", "log-group:/ecs/@stack-@key"), "id": "/ecs/@stack-@key",
                             "name": "/ecs/@stack-@key", "retention_in_days": switch(30, 0), "kms_key_id": KMS,
                             "log_group_class": "STANDARD", "skip_destroy": False, **empty("name_prefix")},
    "db_instance": {"arn": arn("rds", "db:@stack-@key"), "id": "db-@hash", "identifier": "@stack-@key",
                    "address": "@stack-@key.example.internal", "endpoint": "@stack-@key.example.internal:5432",
                    "allocated_storage": 100, "apply_immediately": False, "auto_minor_version_upgrade": True,
                    "availability_zone": REGION + "a", "backup_retention_period": switch(14, 0), "backup_target": "region",
                    "backup_window": "02:00-03:00", "blue_green_update": [], "ca_cert_identifier": "rds-ca-rsa2048-g1",
                    "copy_tags_to_snapshot": True, "customer_owned_ip_enabled": False, "db_name": "app",
                    "database_insights_mode": "standard", "db_subnet_group_name": "@stack", "dedicated_log_volume": False,
                    "delete_automated_backups": True, "deletion_protection": switch(True, False), "domain_dns_ips": [],
                    "enabled_cloudwatch_logs_exports": ["postgresql", "upgrade"], "engine": "postgres",
                    "engine_lifecycle_support": "open-source-rds-extended-support", "engine_version": "17.2",
                    "engine_version_actual": "17.2", "final_snapshot_identifier": switch("@stack-last", None),
                    "hosted_zone_id": "Z1RLNUO7B9Q6NB", "iam_database_authentication_enabled": False,
                    "instance_class": "db.m7g.large", "iops": 3000, "kms_key_id": KMS,
                    "latest_restorable_time": "2026-11-01T08:00:00Z", "license_model": "postgresql-license",
                    "listener_endpoint": [], "maintenance_window": "sun:04:00-sun:05:00", "master_user_secret": [],
                    "max_allocated_storage": 1000, "monitoring_interval": 60, "multi_az": switch(True, False),
                    "network_type": "IPV4", "option_group_name": "default:postgres-17", "password": "no-secret-@hash",
                    "parameter_group_name": "default.postgres17", "performance_insights_enabled": True,
                    "performance_insights_kms_key_id": KMS, "performance_insights_retention_period": 7, "port": 5432,
                    "publicly_accessible": switch(False, True), "replicas": [], "resource_id": "db-@hash",
                    "restore_to_point_in_time": [], "s3_import": [], "skip_final_snapshot": switch(False, True),
                    "status": "available", "storage_encrypted": switch(True, False), "storage_throughput": 125,
                    "storage_type": "gp3", "username": "app", "vpc_security_group_ids": ["sg-@stack-work"],
                    **empty("character_set_name", "custom_iam_instance_profile", "domain", "domain_auth_secret_arn",
                            "domain_fqdn", "domain_iam_role_name", "domain_ou", "identifier_prefix", "monitoring_role_arn",
                            "nchar_character_set_name", "replica_mode", "replicate_source_db", "timezone"),
                    **unset("allow_major_version_upgrade", "manage_master_user_password", "password_wo",
                            "master_user_secret_kms_key_id", "password_wo_version", "snapshot_identifier", "timeouts",
                            "upgrade_storage_config")},
    "s3_bucket": {"arn": "arn:aws:s3:::@stack-@key", "id": "@stack-@key", "bucket": "@stack-@key", "region": REGION,
                  "bucket_domain_name": "@stack-@key.s3.amazonaws.com", "cors_rule": [], "force_destroy": switch(False, True),
                  "bucket_regional_domain_name": f"@stack-@key.s3.{REGION}.amazonaws.com", "hosted_zone_id": "Z21DNDUVLTQW6Q",
                  "grant": [{"id": "@hash", "permissions": ["FULL_CONTROL"], "type": "CanonicalUser", "uri": ""}],
                  "lifecycle_rule": [], "logging": [], "object_lock_configuration": [], "object_lock_enabled": False,
                  "replication_configuration": [], "request_payer": "BucketOwner",
                  "server_side_encryption_configuration": [{"rule": [{"apply_server_side_encryption_by_default": [
                      {"kms_master_key_id": "", "sse_algorithm": "AES256"}], "bucket_key_enabled": False}]}],
                  "versioning": [{"enabled": switch(True, False), "mfa_delete": False}], "website": [],
                  **empty("acceleration_status", "bucket_prefix", "policy"),
                  **unset("acl", "timeouts", "website_domain", "website_endpoint")},
    "s3_bucket_public_access_block": {"id": "@stack-@key", "bucket": "@stack-@key", "block_public_acls": switch(True, False),
                                      "block_public_policy": switch(True, False), "ignore_public_acls": True,
                                      "restrict_public_buckets": True},
    "dynamodb_table": {"arn": arn("dynamodb", "table/@stack-@key"), "id": "@stack-@key", "name": "@stack-@key",
                       "attribute": [{"name": "part", "type": "S"}, {"name": "sort", "type": "S"}], "hash_key": "part",
                       "billing_mode": "PAY_PER_REQUEST", "deletion_protection_enabled": switch(True, False),
                       "global_secondary_index": [], "import_table": [], "local_secondary_index": [],
                       "on_demand_throughput": [], "point_in_time_recovery": [
                           {"enabled": switch(True, False), "recovery_period_in_days": 35}], "range_key": "sort",
                       "read_capacity": 0, "replica": [], "server_side_encryption": [
                           {"enabled": switch(True, False), "kms_key_arn": KMS}], "stream_enabled": False,
                       "table_class": "STANDARD", "ttl": [{"attribute_name": "", "enabled": False}], "write_capacity": 0,
                       **empty("stream_arn", "stream_label", "stream_view_type"),
                       **unset("restore_date_time", "restore_source_name", "restore_source_table_arn",
                               "restore_to_latest_time", "timeouts")},
    "sqs_queue": {"arn": arn("sqs", "@stack-@key"), "name": "@stack-@key", "delay_seconds": 0, "fifo_queue": False,
                  "id": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/@stack-@key", "content_based_deduplication": False,
                  "url": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/@stack-@key", "max_message_size": 262144,
                  "kms_data_key_reuse_period_seconds": 300, "kms_master_key_id": switch(KMS, ""),
                  "message_retention_seconds": 345600, "policy": statement("sqs:SendMessage", arn("sqs", "@stack-@key")),
                  "receive_wait_time_seconds": 20, "redrive_policy": switch(text(
                      {"deadLetterTargetArn": arn("sqs", "@stack-dead"), "maxReceiveCount": 5}), ""),
                  "sqs_managed_sse_enabled": False, "visibility_timeout_seconds": 60,
                  **empty("deduplication_scope", "fifo_throughput_limit", "name_prefix", "redrive_allow_policy")},
    "sns_topic": {"arn": arn("sns", "@stack-@key"), "id": arn("sns", "@stack-@key"), "name": "@stack-@key",
                  "kms_master_key_id": switch(KMS, ""), "fifo_topic": False, "owner": ACCOUNT, "signature_version": 0,
                  "application_success_feedback_sample_rate": 0, "content_based_deduplication": False,
                  "firehose_success_feedback_sample_rate": 0, "http_success_feedback_sample_rate": 0,
                  "lambda_success_feedback_sample_rate": 0, "sqs_success_feedback_sample_rate": 0,
                  "policy": statement("sns:Publish", arn("sns", "@stack-@key")),
                  **empty("application_failure_feedback_role_arn", "application_success_feedback_role_arn",
                          "archive_policy", "delivery_policy", "display_name", "fifo_throughput_scope",
                          "firehose_failure_feedback_role_arn", "http_failure_feedback_role_arn", "name_prefix",
                          "lambda_failure_feedback_role_arn", "sqs_failure_feedback_role_arn", "tracing_config")},
    "lambda_function": {"arn": arn("lambda", "function:@stack-@key"), "id": "@stack-@key", "function_name": "@stack-@key",
                        "architectures": ["arm64"], "code_sha256": "@hash@hash", "dead_letter_config": [
                            {"target_arn": arn("sqs", "@stack-dead")}], "environment": [
                            {"variables": {"LOG_LEVEL": "info", "ORDERS_QUEUE": "@stack-orders"}}],
                        "ephemeral_storage": [{"size": 512}], "file_system_config": [], "handler": "main.handle",
                        "image_config": [], "invoke_arn": arn("apigateway", "lambda:path/@stack-@key"), "layers": [],
                        "last_modified": "2026-10-01T08:00:00.000+0000", "logging_config": [
                            {"application_log_level": "", "log_format": "Text", "log_group": "/aws/lambda/@stack-@key",
                             "system_log_level": ""}], "memory_size": 256, "package_type": "Zip", "publish": False,
                        "qualified_arn": arn("lambda", "function:@stack-@key:1"), "reserved_concurrent_executions": -1,
                        "role": arn("iam", "role/@stack-work", ""), "runtime": switch("python3.13", "python3.7"),
                        "s3_bucket": "@stack-logs", "s3_key": "@key.zip", "skip_destroy": False, "snap_start": [],
                        "source_code_size": 40960, "timeout": 30, "tracing_config": [{"mode": switch("Active", "PassThrough")}],
                        "version": "1", "vpc_config": [{"ipv6_allowed_for_dual_stack": False, "subnet_ids": SUBNETS,
                                                       "security_group_ids": ["sg-@stack-work"], "vpc_id": "vpc-@stack"}],
                        **empty("code_signing_config_arn", "description", "kms_key_arn", "signing_job_arn"),
                        **unset("filename", "image_uri", "replace_security_groups_on_destroy", "s3_object_version",
                                "timeouts")},
    "s3_object": {"arn": "arn:aws:s3:::@stack-logs/@key", "id": "@key", "bucket": "@stack-logs", "key": "@key",
                  "content": "@long", "content_type": "text/plain", "force_destroy": False, "etag": "@hash"},
}
WITHOUT_TAGS = {"iam_role_policy", "s3_bucket_public_access_block"}
SENSITIVE = {"db_instance": ("password",)}

# What a stack holds: module below it, type, name, keys of for_each, and what it refers to.
BLOCKS = [
    ("", "cloudwatch_log_group", "app", ("api", "jobs"), ("aws_kms_key.this",)),
    ("", "ecs_service", "app", ("api", "jobs"), ("aws_ecs_task_definition.app", "aws_lb_target_group.app", "var.subnets")),
    ("", "ecs_task_definition", "app", ("api", "jobs"), ("aws_iam_role.start", "aws_iam_role.work")),
    ("", "iam_role", "start", None, ()),
    ("", "iam_role", "work", None, ()),
    ("", "iam_role_policy", "work", None, ("aws_iam_role.work",)),
    ("", "kms_key", "this", None, ()),
    ("", "lambda_function", "task", ("clean", "mail"), ("aws_iam_role.work", "aws_sqs_queue.work")),
    ("", "lb_target_group", "app", None, ("var.vpc_id",)),
    ("", "sns_topic", "news", ("billing", "orders"), ("aws_kms_key.this",)),
    ("", "sqs_queue", "work", ("billing", "dead", "mail", "orders"), ("aws_kms_key.this",)),
    ("data", "db_instance", "main", ("main", "reports"), ("var.key", "var.subnets")),
    ("data", "dynamodb_table", "ledger", ("audit", "carts"), ("var.key",)),
    ("data", "s3_bucket", "store", ("logs", "media", "reports"), ("var.key",)),
    ("data", "s3_bucket_public_access_block", "store", ("logs", "media", "reports"), ("aws_s3_bucket.store",)),
    ("network", "lb", "edge", None, ("aws_subnet.app", "aws_security_group.edge")),
    ("network", "lb_listener", "https", None, ("aws_lb.edge",)),
    ("network", "security_group", "edge", None, ()),
    ("network", "security_group", "work", None, ()),
    ("network", "subnet", "app", ("a", "b", "c"), ()),
]
SIZE = sum(len(keys or (None,)) for _, _, _, keys, _ in BLOCKS)


def with_tags(kind, values):
    if kind not in WITHOUT_TAGS:
        tags = {"Name": "@stack-@key", "Environment": "production", "Owner": "team-@stack", "Release": "r1"}
        values = {**values, "tags": tags, "tags_all": {**tags, "ManagedBy": "terraform", "CostCenter": "cc-1204"}}
    return values


def templates(kind, values):
    """The JSON of a type, set up well and badly."""
    good = bad = text(with_tags(kind, values))
    for token, (well, badly) in SWITCH.items():
        good = good.replace(f'"{token}"', well)
        bad = bad.replace(f'"{token}"', badly)
    return good, bad


TEMPLATES = {kind: templates(kind, values) for kind, values in VALUES.items()}


# ---- stacks ------------------------------------------------------------------------------------------------------------


class Instance:
    """One resource: its address, its values as text, and what the plan does to it."""
    __slots__ = ("address", "module", "below", "kind", "name", "key", "values", "draw")


class World:
    def __init__(self, args):
        self.args = args
        self.shape = args.shape
        self.calls = []  # (name, keys) of the root's module calls
        self.blocks = BLOCKS
        stacks = max(1, args.resources // SIZE)
        if self.shape == "for-each":
            self.blocks = [("", "sqs_queue", "work", self.keys(args.resources), ())]
            stacks = 1
        elif self.shape == "one-module":
            self.blocks = [("", kind, name, self.keys(max(1, args.resources // len(BLOCKS))), refs)
                           for _, kind, name, _, refs in BLOCKS]
            stacks = 1
        elif self.shape == "small":
            self.blocks = [block for block in BLOCKS if block[1] in ("iam_role", "iam_role_policy", "kms_key", "sqs_queue")]
            stacks = 1
        elif self.shape == "long-string":
            self.blocks = BLOCKS + [("data", "s3_object", "long", None, ())]
            stacks = 1
        calls = min(stacks, args.modules or max(1, args.resources // 400))
        for number in range(calls):
            count = stacks // calls + (number < stacks % calls)
            self.calls.append((f"service_{number:04d}", [f"cell-{i:03d}" for i in range(count)]))

    @staticmethod
    def keys(count):
        return tuple(f"item-{number:06d}" for number in range(count))

    def levels(self):
        """Modules between a call and its stack."""
        return [f"level_{number:02d}" for number in range(LEVELS - 2)] if self.shape == "deep" else []

    def stacks(self):
        """Path and name of each; the name is in every id, so that documents of other seeds hold other objects."""
        for name, keys in self.calls:
            for key in keys:
                yield f'module.{name}["{key}"]' + "".join(f".module.{level}" for level in self.levels()), \
                    f"shop-{self.args.seed}-{name[8:]}-{key}"

    def instances(self, path, stack):
        badly = self.shape == "findings" or (self.shape != "deleted" and zlib.crc32(f"{stack}{self.args.seed}".encode()) % 5 == 0)
        for below, kind, name, keys, refs in self.blocks:
            template = TEMPLATES[kind][badly].replace("@stack", stack).replace("@name", name)
            module = path + (f".module.{below}" if below else "")
            for number, key in enumerate(keys or (None,)):
                it = Instance()
                it.module, it.below, it.kind, it.name, it.key = module, below, kind, name, key
                it.address = f"{module}.aws_{kind}.{name}" + (f'["{key}"]' if key is not None else "")
                it.draw = zlib.crc32(f"{it.address}{self.args.seed}".encode())
                it.values = (template.replace("@key", key or name).replace("@hash", f"{it.draw:016x}")
                             .replace("@num", str(number % 250)))
                if kind == "s3_object":
                    it.values = it.values.replace("@long", "lorem ipsum 0123 " * (LONG_STRING // 17))
                yield it, refs

    def action(self, it):
        """10 in 100 are created, 10 updated, 3 deleted, 2 replaced; the rest stays."""
        if self.shape == "deleted":
            return "delete"
        part = it.draw % 100
        if part < 10:
            return "create"
        if part < 20:
            return "update"
        if part < 23 and it.key is not None:
            return "delete"
        return "replace" if 23 <= part < 25 else "no-op"


# ---- documents -----------------------------------------------------------------------------------------------------------


def index_of(it):
    return f'"index":"{it.key}",' if it.key is not None else ""


def planned(it, action):
    """The values after, and what of them is known later only."""
    if action not in ("create", "replace"):
        return (it.values.replace('"Release":"r1"', '"Release":"r2"') if action == "update" else it.values), "{}"
    values = json.loads(it.values)
    later = {name: values.pop(name) for name in ("arn", "id", "endpoint", "dns_name") if name in values}
    return text(values), text({name: True for name in later} | ({"tags_all": {}} if "tags_all" in values else {}))


def masks(it):
    names = SENSITIVE.get(it.kind, ())
    shape = {"tags": {}, "tags_all": {}} if it.kind not in WITHOUT_TAGS else {}
    return text({**shape, **{name: True for name in names}})


REASONS = {"delete": ',"action_reason":"delete_because_each_key"', "replace": ',"action_reason":"replace_because_cannot_update"'}


def change(it, action):
    after, later = planned(it, action)
    before, mask = it.values, masks(it)
    actions = {"replace": '["delete","create"]'}.get(action, f'["{action}"]')
    paths = ',"replace_paths":[["name"]]' if action == "replace" else ""
    if action == "create":
        before, was = "null", "false"
    else:
        was = mask
    if action == "delete":
        after, mask = "null", "false"
    return (f'{{"address":{text(it.address)},"module_address":{text(it.module)},"mode":"managed","type":"aws_{it.kind}",'
            f'"name":"{it.name}",{index_of(it)}"provider_name":"{PROVIDER}","change":{{"actions":{actions},"before":{before},'
            f'"after":{after},"after_unknown":{later},"before_sensitive":{was},"after_sensitive":{mask}{paths}}}'
            f'{REASONS.get(action, "")}}}')


def resource(it, values, depends):
    return (f'{{"address":{text(it.address)},"mode":"managed","type":"aws_{it.kind}","name":"{it.name}",{index_of(it)}'
            f'"provider_name":"{PROVIDER}","schema_version":1,"values":{values},"sensitive_values":{masks(it)}{depends}}}')


def depends_on(it, refs):
    module = ".".join(part.split("[")[0] for part in it.module.split(".")) if "[" in it.module else it.module
    own = [f"{module}.{ref}" for ref in refs if not ref.startswith("var.")]
    return f',"depends_on":{text(own)}' if own else ""


def tree(world, path, stack, prior):
    """One call's module with its children, as planned_values and states nest them."""
    below = {"": []}
    for it, refs in world.instances(path, stack):
        action = world.action(it)
        if prior is None and world.args.kind == "plan" and action == "delete":
            continue
        if prior and world.args.kind == "plan" and action == "create":
            continue
        values = it.values if prior is not None else planned(it, action)[0]
        below.setdefault(it.below, []).append(resource(it, values, depends_on(it, refs) if prior else ""))
    children = ",".join(f'{{"resources":[{",".join(items)}],"address":{text(path + ".module." + name)}}}'
                        for name, items in below.items() if name)
    module = f'{{"resources":[{",".join(below[""])}],"address":{text(path)},"child_modules":[{children}]}}'
    parts = path.split(".module.")
    for end in range(len(parts) - 1, 0, -1):
        module = f'{{"address":{text(".module.".join(parts[:end]))},"child_modules":[{module}]}}'
    return module


def write_tree(world, out, prior):
    out('{"root_module":{"child_modules":[')
    for number, (path, stack) in enumerate(world.stacks()):
        out("," if number else "")
        out(tree(world, path, stack, prior))
    out("]}}")


def expressions(refs, keyed):
    out = {f"setting_{number}": {"references": [ref] if ref.startswith("var.") else [f"{ref}.id", ref]}
           for number, ref in enumerate(refs)}
    out["name"] = {"references": ["var.name"] + (["each.key"] if keyed else [])}
    out["skip_destroy"] = {"constant_value": False}
    return out


def block_of(kind, name, keys, refs):
    block = {"address": f"aws_{kind}.{name}", "mode": "managed", "type": f"aws_{kind}", "name": name,
             "provider_config_key": "aws", "expressions": expressions(refs, keys), "schema_version": 1}
    if keys:
        block["for_each_expression"] = {"references": ["var.items"]}
    return block


def configured_module(world):
    """What is written of one service; Terraform repeats it for every call."""
    modules = {"": [], "data": [], "network": []}
    for below, kind, name, keys, refs in world.blocks:
        modules[below].append(block_of(kind, name, keys, refs))
    variables = {name: {} for name in ("name", "items", "vpc_id", "subnets", "key")}
    module = {"resources": modules[""], "variables": variables, "module_calls": {
        below: {"source": f"./{below}", "module": {"resources": modules[below], "variables": variables},
                "expressions": {"name": {"references": ["var.name"]}, "key": {"references": ["aws_kms_key.this.arn", "aws_kms_key.this"]}}}
        for below in ("data", "network") if modules[below]}}
    for level in reversed(world.levels()):
        module = {"variables": variables, "module_calls": {level: {"source": f"./{level}", "module": module,
                                                                   "expressions": {"name": {"references": ["var.name"]}}}}}
    return text(module)


def write_configuration(world, out):
    module = configured_module(world)
    out(f'{{"provider_config":{{"aws":{{"name":"aws","full_name":"{PROVIDER}","expressions":{{"region":'
        f'{{"constant_value":"{REGION}"}}}}}}}},"root_module":{{"module_calls":{{')
    for number, (name, _) in enumerate(world.calls):
        out("," if number else "")
        out(f'"{name}":{{"source":"./service","expressions":{{"name":{{"references":["each.key"]}}}},'
            f'"for_each_expression":{{"references":["var.cells"]}},"module":{module}}}')
    out('},"variables":{"cells":{}}}}')


def write_changes(world, out):
    first = True
    for path, stack in world.stacks():
        for it, _ in world.instances(path, stack):
            out("" if first else ",")
            out(change(it, world.action(it)))
            first = False


def write_plan(world, out):
    out(f'{{"format_version":"1.2","terraform_version":"{VERSION}","variables":{{"cells":{{"value":{{}}}}}},"planned_values":')
    write_tree(world, out, None)
    out(',"resource_changes":[')
    write_changes(world, out)
    out(f'],"output_changes":{{}},"prior_state":{{"format_version":"1.0","terraform_version":"{VERSION}","values":')
    write_tree(world, out, True)
    out('},"configuration":')
    write_configuration(world, out)
    out(',"relevant_attributes":[],"checks":[],"timestamp":"2026-11-02T08:00:00Z","applyable":true,"complete":true,"errored":false}')


def write_state(world, out):
    out(f'{{"format_version":"1.0","terraform_version":"{VERSION}","values":')
    write_tree(world, out, True)
    out("}")


def raw_resource(module, kind, name, instances):
    place = f'"module":{text(module)},' if module else ""
    return (f'{{{place}"mode":"managed","type":"aws_{kind}","name":"{name}","provider":'
            f'"provider[\\"{PROVIDER}\\"]","instances":[{",".join(instances)}]}}')


def raw_instance(it, refs):
    key = f'"index_key":"{it.key}",' if it.key is not None else ""
    paths = text([[{"type": "get_attr", "value": name}] for name in SENSITIVE.get(it.kind, ())])
    return f'{{{key}"schema_version":1,"attributes":{it.values},"sensitive_attributes":{paths}{depends_on(it, refs).replace("depends_on", "dependencies")}}}'


def write_raw_state(world, out):
    out(f'{{"version":4,"terraform_version":"{VERSION}","serial":41,"lineage":"00000000-0000-4000-8000-{world.args.seed:012d}",'
        f'"outputs":{{}},"resources":[')
    open_block, instances, first = None, [], True
    for path, stack in world.stacks():
        for it, refs in world.instances(path, stack):
            if open_block not in (None, (it.module, it.kind, it.name)):
                out(("" if first else ",") + raw_resource(*open_block, instances))
                first, instances = False, []
            open_block = (it.module, it.kind, it.name)
            instances.append(raw_instance(it, refs))
    out(("" if first else ",") + raw_resource(*open_block, instances))
    out('],"check_results":null}')


WRITERS = {"plan": write_plan, "state": write_state, "raw-state": write_raw_state}
SHAPES = ("ordinary", "one-module", "deep", "for-each", "deleted", "findings", "long-string", "small", "connected")
EDGES = 10  # that leave each object of the shape "connected"


def write_connected(count, out):
    """Unchanged queues, each of which refers to the next ten: more edges than anybody writes."""
    later = text({"description": "filler of an ordinary size", "visibility_timeout_seconds": 30, "fifo_queue": False,
                  "tags": {"Team": "bench"}})[1:-1]
    out('{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[')
    for number in range(count):
        values = (f'{{"id":"https://sqs.eu-west-1.amazonaws.com/123456789012/q-{number:06d}",'
                  f'"arn":"arn:aws:sqs:eu-west-1:123456789012:q-{number:06d}","name":"q-{number:06d}",{later}}}')
        out(f'{"," if number else ""}{{"address":"aws_sqs_queue.q{number}","mode":"managed","type":"aws_sqs_queue","name":"q{number}",'
            f'"change":{{"actions":["no-op"],"before":{values},"after":{values}}}}}')
    out('],"configuration":{"root_module":{"resources":[')
    for number in range(count):
        ends = range(number + 1, min(count, number + 1 + EDGES))
        arguments = ",".join(f'"argument_{end - number}":{{"references":["aws_sqs_queue.q{end}.arn","aws_sqs_queue.q{end}"]}}'
                             for end in ends)
        out(f'{"," if number else ""}{{"address":"aws_sqs_queue.q{number}","mode":"managed","type":"aws_sqs_queue","name":"q{number}",'
            f'"expressions":{{{arguments}}}}}')
    out("]}}}")


def main():
    parser = argparse.ArgumentParser(description="Writes one large plan or state to standard output.")
    parser.add_argument("--kind", choices=WRITERS, default="plan")
    parser.add_argument("--resources", type=int, default=4000)
    parser.add_argument("--modules", type=int, default=0, help="module calls of the root (default: one per 400 resources)")
    parser.add_argument("--shape", choices=SHAPES, default="ordinary")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--documents", type=int, default=0)
    parser.add_argument("--into", default=".")
    args = parser.parse_args()
    if args.shape == "connected":
        write_connected(args.resources, sys.stdout.write)
        return
    if args.documents == 0:
        WRITERS[args.kind](World(args), sys.stdout.write)
        return
    os.makedirs(args.into, exist_ok=True)
    for seed in range(args.seed, args.seed + args.documents):
        args.seed = seed
        with open(os.path.join(args.into, f"{seed:06d}.{'tfstate' if args.kind == 'raw-state' else 'json'}"), "w") as file:
            WRITERS[args.kind](World(args), file.write)


if __name__ == "__main__":
    main()
