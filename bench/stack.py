# SPDX-License-Identifier: Apache-2.0
"""The stack that every service is an instance of: some 120 resources in six modules (itself, network, edge, app, data,
events), with the arguments that a team writes. What the provider adds is in provider.py, the notation in wiring.py.

A switch has the good setting and the bad one; a block may be there in one of the two cases only. No stack has a web
ACL, and the plan that retires a database has not unlocked it.
"""
from provider import ACCOUNT, REGION, arn
from wiring import Block, Encoded, Given, Switch, at, said

ZONES = ("a", "b", "c")
WEB = ("api", "web")  # behind the balancer
APPS = ("api", "jobs", "web")
QUEUES = ("mail", "orders")
STORES = ("media", "reports")
# Of the root module, passed to all.
VARIABLES = {"certificate_arn": arn("acm", "certificate/6d0c1f0e-58c1-4a8e-9d6c-2f3a7b9c1d24"), "code_bucket": "example-code",
             "database_password": "no-secret-4fd1c0", "zone_id": "Z0423517TFEXAMPLE"}
IMAGES = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/@key"

BLOCKS = []


def block(below, kind, name, keys=None, /, found=None, only=None, **arguments):
    BLOCKS.append(Block(below, kind, name, keys, arguments, found or {}, only))


def variable(name):
    return Given(f"var.{name}", VARIABLES[name])


def trusted(service):
    return Encoded({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service + ".amazonaws.com"}}]})


def allowed(*statements):
    return Encoded({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": actions, "Resource": resource} for actions, resource in statements]})


def reached(port, note, groups=(), cidrs=()):
    return {"from_port": port, "to_port": port, "protocol": "tcp" if port else "-1", "description": note,
            "security_groups": [at(f"aws_security_group.{group}.id") for group in groups], "cidr_blocks": cidrs}


OUTWARDS = [reached(0, "", cidrs=["0.0.0.0/0"])]
KMS = at("aws_kms_key.this.arn")
VPC = at("aws_vpc.this.id")
PRIVATE = at("aws_subnet.private[*].id")

# ---- the service itself ----------------------------------------------------------------------------------------------

block("", "kms_key", "this", description="data of @stack", deletion_window_in_days=30,
      enable_key_rotation=Switch("rotate_keys", True, False))
block("", "kms_alias", "this", name="alias/@stack", target_key_id=at("aws_kms_key.this.key_id"))
block("", "ssm_parameter", "setting", ("currency", "flags", "limits", "smtp"), name="/@stack/@key", type="SecureString",
      description="read at the start", key_id=KMS, value=Given("each.value", "no-secret-@hex"))
block("", "secretsmanager_secret", "database", name="@stack/database", description="password of the databases",
      kms_key_id=KMS, recovery_window_in_days=Switch("keep_secrets", 30, 0))
block("", "sns_topic", "alarms", name="@stack-alarms", kms_master_key_id=at("aws_kms_key.this.key_id"))
block("", "sns_topic_subscription", "duty", ("duty",), only="good", topic_arn=at("aws_sns_topic.alarms.arn"),
      protocol="https", endpoint="https://duty.example.com/@stack", raw_message_delivery=False)

# ---- network ---------------------------------------------------------------------------------------------------------

block("network", "vpc", "this", cidr_block="10.4.0.0/16", enable_dns_hostnames=True)
block("network", "internet_gateway", "this", vpc_id=VPC)
for name, third, public in (("public", "10.4.@number.0/24", True), ("private", "10.4.10@number.0/24", False)):
    block("network", "subnet", name, ZONES, vpc_id=VPC, availability_zone=REGION + "@key", cidr_block=third,
          map_public_ip_on_launch=public)
block("network", "eip", "nat", ZONES, domain="vpc")
block("network", "nat_gateway", "this", ZONES, allocation_id=at("aws_eip.nat[each].id"),
      subnet_id=at("aws_subnet.public[each].id"))
block("network", "route_table", "public", vpc_id=VPC)
block("network", "route_table", "private", ZONES, vpc_id=VPC)
block("network", "route", "public", route_table_id=at("aws_route_table.public.id"), destination_cidr_block="0.0.0.0/0",
      gateway_id=at("aws_internet_gateway.this.id"))
block("network", "route", "private", ZONES, route_table_id=at("aws_route_table.private[each].id"),
      destination_cidr_block="0.0.0.0/0", nat_gateway_id=at("aws_nat_gateway.this[each].id"))
block("network", "route_table_association", "public", ZONES, subnet_id=at("aws_subnet.public[each].id"),
      route_table_id=at("aws_route_table.public.id"))
block("network", "route_table_association", "private", ZONES, subnet_id=at("aws_subnet.private[each].id"),
      route_table_id=at("aws_route_table.private[each].id"))

# ---- edge ------------------------------------------------------------------------------------------------------------


def forwarded(group):
    return [{"type": "forward", "target_group_arn": at(f"aws_lb_target_group.app[{group}].arn")}]


def listening(kind, under):
    """The ARNs of what belongs to a balancer hold its own."""
    name = said(arn("elasticloadbalancing", kind + "/{}/" + under + "@hex"), "aws_lb.edge.arn_suffix")
    return {"arn": name, "id": name}


block("edge", "security_group", "edge", name="@stack-edge", description="traffic to the balancer", vpc_id=VPC,
      found={"ingress": [{**reached(port, "from anywhere"), "cidr_blocks": ["0.0.0.0/0"]} for port in (80, 443)],
             "egress": OUTWARDS})
block("edge", "security_group_rule", "in", ("http", "https"), type="ingress", protocol="tcp", description="from anywhere",
      security_group_id=at("aws_security_group.edge.id"), from_port=Given("each.value", {"http": 80, "https": 443}),
      to_port=Given("each.value", {"http": 80, "https": 443}), cidr_blocks=["0.0.0.0/0"])
block("edge", "security_group_rule", "out", type="egress", protocol="-1", description="to the tasks", from_port=0, to_port=0,
      security_group_id=at("aws_security_group.edge.id"), cidr_blocks=["0.0.0.0/0"])
block("edge", "lb", "edge", name="@stack", internal=False, load_balancer_type="application",
      security_groups=[at("aws_security_group.edge.id")], subnets=at("aws_subnet.public[*].id"),
      access_logs=[{"bucket": at("aws_s3_bucket.logs.id"), "enabled": Switch("logs", True, False), "prefix": "edge"}],
      enable_deletion_protection=Switch("protect", True, False), drop_invalid_header_fields=Switch("strict", True, False),
      found={"vpc_id": VPC, "subnet_mapping": [
          {"allocation_id": "", "ipv6_address": "", "outpost_id": "", "private_ipv4_address": "",
           "subnet_id": at(f'aws_subnet.public["{zone}"].id')} for zone in ZONES]})
block("edge", "lb_target_group", "app", WEB, name="@stack-@key", port=8080, protocol="HTTP", target_type="ip", vpc_id=VPC,
      deregistration_delay="30", health_check=[{"enabled": Switch("checked", True, False), "path": "/health", "interval": 15}],
      found={"load_balancer_arns": [at("aws_lb.edge.arn")]})
block("edge", "lb_listener", "https", load_balancer_arn=at("aws_lb.edge.arn"), port=443, protocol="HTTPS",
      certificate_arn=variable("certificate_arn"), default_action=forwarded('"web"'),
      ssl_policy=Switch("tls_policy", "ELBSecurityPolicy-TLS13-1-2-2021-06", "ELBSecurityPolicy-2016-08"),
      found=listening("listener", ""))
block("edge", "lb_listener", "http", load_balancer_arn=at("aws_lb.edge.arn"), port=80, protocol="HTTP",
      default_action=[{"type": Switch("http", "redirect", "forward"),
                       "target_group_arn": Switch("http", "", at('aws_lb_target_group.app["web"].arn')),
                       "redirect": Switch("http", [{"host": "#{host}", "path": "/#{path}", "port": "443", "protocol": "HTTPS",
                                                    "query": "#{query}", "status_code": "HTTP_301"}], [])}],
      found=listening("listener", ""))
block("edge", "lb_listener_rule", "app", WEB, listener_arn=at("aws_lb_listener.https.arn"),
      priority=Given("each.value", "@number"), action=forwarded("each"),
      condition=[{"host_header": [{"values": ["@key.@stack.example.com"]}]}], found=listening("listener-rule", "@number"))
block("edge", "route53_record", "edge", WEB, name="@key.@stack.example.com", type="A",
      zone_id=variable("zone_id"),
      alias=[{"name": at("aws_lb.edge.dns_name"), "zone_id": at("aws_lb.edge.zone_id"), "evaluate_target_health": True}])

# ---- app -------------------------------------------------------------------------------------------------------------


def environment():
    return [{"name": "LOG_LEVEL", "value": "info"},
            {"name": "ORDERS_QUEUE_URL", "value": at('aws_sqs_queue.work["orders"].url')},
            {"name": "MEDIA_BUCKET", "value": at('aws_s3_bucket.store["media"].bucket')},
            {"name": "DATABASE_HOST", "value": at('aws_db_instance.main["main"].address')}]


def containers():
    return Encoded([{
        "name": "@key", "image": Switch("image", f"{IMAGES}:1.41.0", f"{IMAGES}:latest"), "cpu": 256, "memory": 512,
        "essential": True, "portMappings": [{"containerPort": 8080, "hostPort": 8080, "protocol": "tcp"}],
        "environment": environment(),
        "secrets": [{"name": "DATABASE_PASSWORD", "valueFrom": at("aws_secretsmanager_secret.database.arn")}],
        "logConfiguration": Switch("log_driver", {"logDriver": "awslogs", "options": {
            "awslogs-group": at("aws_cloudwatch_log_group.app[each].name"), "awslogs-region": REGION,
            "awslogs-stream-prefix": "app"}}, None),
        "mountPoints": [], "systemControls": [], "volumesFrom": []}])


def service(name, keys, task, **more):
    block("app", "ecs_service", name, keys, name="@stack-@key", cluster=at("aws_ecs_cluster.this.id"), launch_type="FARGATE",
          task_definition=at(f"aws_ecs_task_definition.app[{task}].arn"), desired_count=Switch("tasks", 3, 1),
          deployment_minimum_healthy_percent=Switch("healthy_percent", 100, 0), enable_ecs_managed_tags=True,
          propagate_tags="SERVICE", deployment_circuit_breaker=[{"enable": Switch("roll_back", True, False),
                                                                 "rollback": Switch("roll_back", True, False)}],
          network_configuration=[{"subnets": Switch("zones", PRIVATE, [at('aws_subnet.private["a"].id')]),
                                  "security_groups": [at("aws_security_group.app.id")],
                                  "assign_public_ip": Switch("public_tasks", False, True)}], **more)
    instance = f"aws_ecs_service.{name}" + ("[each]" if keys else "")
    block("app", "appautoscaling_target", name, keys, min_capacity=Switch("tasks", 3, 1),
          max_capacity=Switch("most_tasks", 12, 1), scalable_dimension="ecs:service:DesiredCount", service_namespace="ecs",
          resource_id=said("service/{}/{}", "aws_ecs_cluster.this.name", instance + ".name"))
    target = f"aws_appautoscaling_target.{name}" + ("[each]" if keys else "")
    block("app", "appautoscaling_policy", name, keys or (name,), only="good", name="@stack-@key-cpu",
          policy_type="TargetTrackingScaling", service_namespace="ecs", scalable_dimension="ecs:service:DesiredCount",
          resource_id=at(target + ".resource_id"), target_tracking_scaling_policy_configuration=[{
              "target_value": 60, "scale_in_cooldown": 300, "scale_out_cooldown": 60,
              "predefined_metric_specification": [{"predefined_metric_type": "ECSServiceAverageCPUUtilization"}]}])
    alarm("app", name, keys, "AWS/ECS", "CPUUtilization", 80,
          {"ClusterName": at("aws_ecs_cluster.this.name"), "ServiceName": at(instance + ".name")})


def alarm(below, name, keys, namespace, metric, threshold, dimensions, statistic="Average"):
    block(below, "cloudwatch_metric_alarm", name, keys or (name,), alarm_name=f"@stack-@key-{metric}",
          alarm_description=f"{metric} of @key in @stack",
          alarm_actions=Switch("duty", [at("aws_sns_topic.alarms.arn")], []),
          comparison_operator="GreaterThanThreshold", dimensions=dimensions, evaluation_periods=5, metric_name=metric,
          namespace=namespace, period=60, statistic=statistic, threshold=threshold)


alarm("edge", "edge", None, "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", 20,
      {"LoadBalancer": at("aws_lb.edge.arn_suffix")}, "Sum")
block("app", "ecs_cluster", "this", name="@stack", setting=[{"name": "containerInsights",
                                                             "value": Switch("insights", "enabled", "disabled")}])
block("app", "security_group", "app", name="@stack-app", description="traffic to the tasks", vpc_id=VPC,
      ingress=[reached(8080, "from the balancer", ["edge"])], egress=OUTWARDS)
block("app", "iam_role", "start", name="@stack-start", description="starts tasks", assume_role_policy=trusted("ecs-tasks"))
block("app", "iam_role_policy_attachment", "start", role=at("aws_iam_role.start.name"),
      policy_arn=arn("iam", "policy/service-role/AmazonECSTaskExecutionRolePolicy", "", "aws"))
block("app", "iam_role_policy", "start", name="secrets", role=at("aws_iam_role.start.id"), policy=allowed(
    (["secretsmanager:GetSecretValue"], at("aws_secretsmanager_secret.database.arn")), (["kms:Decrypt"], KMS)))
block("app", "iam_role", "task", APPS, name="@stack-@key", description="what @key may do",
      assume_role_policy=trusted("ecs-tasks"))
block("app", "iam_role_policy", "task", APPS, name="use", role=at("aws_iam_role.task[each].id"), policy=allowed(
    (["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"],
     at("aws_sqs_queue.work[*].arn")),
    (["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], said("{}/*", 'aws_s3_bucket.store["media"].arn')),
    (["s3:ListBucket"], at('aws_s3_bucket.store["media"].arn')),
    (["kms:Decrypt", "kms:GenerateDataKey"], KMS),
    (Switch("actions", ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"], "dynamodb:*"),
     Switch("tables", at("aws_dynamodb_table.ledger[*].arn"), "*"))))
block("app", "cloudwatch_log_group", "app", APPS, name="/ecs/@stack/@key", kms_key_id=KMS,
      retention_in_days=Switch("keep_logs", 30, 0))
block("app", "ecs_task_definition", "app", APPS, family="@stack-@key", container_definitions=containers(), cpu="256",
      memory="512", network_mode="awsvpc", requires_compatibilities=["FARGATE"],
      execution_role_arn=at("aws_iam_role.start.arn"), task_role_arn=at("aws_iam_role.task[each].arn"),
      runtime_platform=[{"cpu_architecture": "ARM64", "operating_system_family": "LINUX"}])
service("app", WEB, "each", health_check_grace_period_seconds=60, load_balancer=[
    {"container_name": "@key", "container_port": 8080, "target_group_arn": at("aws_lb_target_group.app[each].arn")}])
service("jobs", None, '"jobs"', health_check_grace_period_seconds=0, load_balancer=[])

# ---- data ------------------------------------------------------------------------------------------------------------


def bucket(name, keys, **more):
    each = f"aws_s3_bucket.{name}" + ("[each]" if keys else "") + ".id"
    encryption = [{"bucket_key_enabled": True, "apply_server_side_encryption_by_default": [
        {"kms_master_key_id": KMS if keys else "", "sse_algorithm": "aws:kms" if keys else "AES256"}]}]
    block("data", "s3_bucket", name, keys, bucket="example-@stack-@key", force_destroy=Switch("force_destroy", False, True),
          found={"versioning": [{"enabled": Switch("versions", True, False), "mfa_delete": False}],
                 "server_side_encryption_configuration": [{"rule": encryption}]}, **more)
    block("data", "s3_bucket_versioning", name, keys, bucket=at(each),
          versioning_configuration=[{"status": Switch("versions", "Enabled", "Suspended")}])
    block("data", "s3_bucket_server_side_encryption_configuration", name, keys, bucket=at(each), rule=encryption)
    block("data", "s3_bucket_public_access_block", name, keys, bucket=at(each), ignore_public_acls=True,
          restrict_public_buckets=True, block_public_acls=Switch("private_buckets", True, False),
          block_public_policy=Switch("private_buckets", True, False))


block("data", "security_group", "data", name="@stack-data", description="traffic to the databases", vpc_id=VPC, ingress=[
    {**reached(5432, "from the tasks", ["app"]), "cidr_blocks": Switch("database_from", [], ["0.0.0.0/0"])},
    reached(6379, "from the tasks", ["app"])], egress=OUTWARDS)
block("data", "db_subnet_group", "main", name="@stack", subnet_ids=PRIVATE, found={"vpc_id": VPC})
block("data", "db_instance", "main", ("main", "reports"), identifier="@stack-@key", engine="postgres", engine_version="17.2",
      instance_class="db.m7g.large", allocated_storage=100, max_allocated_storage=1000, storage_type="gp3", db_name="app",
      username="app", password=variable("database_password"), multi_az=Switch("two_zones", True, False),
      db_subnet_group_name=at("aws_db_subnet_group.main.name"), copy_tags_to_snapshot=True,
      vpc_security_group_ids=[at("aws_security_group.data.id")], storage_encrypted=Switch("encrypt", True, False),
      kms_key_id=Switch("database_key", KMS, ""), performance_insights_enabled=True, performance_insights_kms_key_id=KMS,
      backup_retention_period=Switch("backup_days", 14, 0), deletion_protection=Switch("protect", True, False),
      skip_final_snapshot=Switch("skip_snapshot", False, True), publicly_accessible=Switch("public_database", False, True),
      final_snapshot_identifier=Switch("last_snapshot", "@stack-@key-last", None),
      enabled_cloudwatch_logs_exports=["postgresql", "upgrade"])
alarm("data", "database", ("main", "reports"), "AWS/RDS", "CPUUtilization", 80,
      {"DBInstanceIdentifier": at("aws_db_instance.main[each].identifier")})
block("data", "elasticache_subnet_group", "cache", name="@stack-cache", subnet_ids=PRIVATE, found={"vpc_id": VPC})
block("data", "elasticache_replication_group", "cache", replication_group_id="@stack", description="sessions of @stack",
      engine="redis", engine_version="7.1", node_type="cache.r7g.large", num_cache_clusters=Switch("cache_nodes", 2, 1),
      automatic_failover_enabled=Switch("two_zones", True, False), multi_az_enabled=Switch("two_zones", True, False),
      at_rest_encryption_enabled=Switch("encrypt", "true", "false"), transit_encryption_enabled=Switch("encrypt", True, False),
      kms_key_id=Switch("database_key", KMS, ""), subnet_group_name=at("aws_elasticache_subnet_group.cache.name"),
      security_group_ids=[at("aws_security_group.data.id")], snapshot_retention_limit=Switch("cache_days", 7, 0))
alarm("data", "cache", None, "AWS/ElastiCache", "DatabaseMemoryUsagePercentage", 80,
      {"CacheClusterId": said("{}-001", "aws_elasticache_replication_group.cache.id")})
bucket("logs", None)
block("data", "s3_bucket_policy", "logs", bucket=at("aws_s3_bucket.logs.id"), policy=Encoded({
    "Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "s3:PutObject", "Principal": principal, "Resource": said("{}/*", "aws_s3_bucket.logs.arn")}
        for principal in ({"AWS": "arn:aws:iam::054676820928:root"}, {"Service": "logging.s3.amazonaws.com"})]}))
bucket("store", STORES, logging=Switch("logs", [{"target_bucket": at("aws_s3_bucket.logs.id"), "target_prefix": "@key/"}], []),
       cors_rule=[{"allowed_headers": ["*"], "allowed_methods": ["GET", "PUT", "POST"], "expose_headers": ["ETag"],
                   "allowed_origins": ["https://web.@stack.example.com"], "max_age_seconds": 3600}])
block("data", "dynamodb_table", "ledger", ("audit", "carts"), name="@stack-@key", billing_mode="PAY_PER_REQUEST",
      hash_key="part", range_key="sort", attribute=[{"name": "part", "type": "S"}, {"name": "sort", "type": "S"}],
      deletion_protection_enabled=Switch("protect", True, False),
      point_in_time_recovery=[{"enabled": Switch("restore_points", True, False)}],
      server_side_encryption=[{"enabled": True, "kms_key_arn": KMS}])
block("data", "backup_vault", "this", name="@stack", kms_key_arn=KMS)
block("data", "backup_plan", "daily", name="@stack", rule=[{
    "rule_name": "daily", "schedule": "cron(0 2 * * ? *)", "target_vault_name": at("aws_backup_vault.this.name"),
    "lifecycle": [{"delete_after": Switch("backup_days", 35, 7)}]}])

# ---- events ----------------------------------------------------------------------------------------------------------

block("events", "sns_topic", "news", name="@stack-news", kms_master_key_id=at("aws_kms_key.this.key_id"))
block("events", "sns_topic_subscription", "work", QUEUES, topic_arn=at("aws_sns_topic.news.arn"), protocol="sqs",
      endpoint=at("aws_sqs_queue.work[each].arn"), raw_message_delivery=True)
block("events", "sqs_queue", "dead", QUEUES, name="@stack-@key-dead", kms_master_key_id=at("aws_kms_key.this.key_id"),
      message_retention_seconds=Switch("keep_dead", 1209600, 86400), receive_wait_time_seconds=0, visibility_timeout_seconds=30)
block("events", "sqs_queue", "work", QUEUES, name="@stack-@key", kms_master_key_id=at("aws_kms_key.this.key_id"),
      message_retention_seconds=345600, receive_wait_time_seconds=20, visibility_timeout_seconds=180,
      redrive_policy=Encoded({"deadLetterTargetArn": at("aws_sqs_queue.dead[each].arn"), "maxReceiveCount": 5}),
      policy=Encoded({"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Action": "sqs:SendMessage", "Principal": {"Service": sender + ".amazonaws.com"},
           "Resource": arn("sqs", "@stack-@key"), "Condition": {"ArnEquals": {"aws:SourceArn": source}}}
          for sender, source in (("sns", at("aws_sns_topic.news.arn")), ("events", arn("events", "rule/@stack-nightly")))]}))
alarm("events", "dead", QUEUES, "AWS/SQS", "ApproximateNumberOfMessagesVisible", 0,
      {"QueueName": at("aws_sqs_queue.dead[each].name")}, "Maximum")
alarm("events", "late", QUEUES, "AWS/SQS", "ApproximateAgeOfOldestMessage", 900,
      {"QueueName": at("aws_sqs_queue.work[each].name")}, "Maximum")
block("events", "iam_role", "function", name="@stack-function", description="what the functions may do",
      assume_role_policy=trusted("lambda"))
block("events", "iam_role_policy_attachment", "function", role=at("aws_iam_role.function.name"),
      policy_arn=Switch("rights", arn("iam", "policy/service-role/AWSLambdaVPCAccessExecutionRole", "", "aws"),
                        arn("iam", "policy/AdministratorAccess", "", "aws")))
block("events", "iam_role_policy", "function", name="use", role=at("aws_iam_role.function.id"), policy=allowed(
    (["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:SendMessage"], at("aws_sqs_queue.work[*].arn")),
    (["sns:Publish"], at("aws_sns_topic.news.arn")), (["kms:Decrypt", "kms:GenerateDataKey"], KMS)))
block("events", "cloudwatch_log_group", "function", QUEUES, name="/aws/lambda/@stack-@key", kms_key_id=KMS,
      retention_in_days=Switch("keep_logs", 30, 0))
block("events", "lambda_function", "task", QUEUES, function_name="@stack-@key", role=at("aws_iam_role.function.arn"),
      handler="main.handle", runtime=Switch("runtime", "python3.13", "python3.8"), architectures=["arm64"], memory_size=256,
      timeout=30, description="works on @key", kms_key_arn=KMS, s3_bucket=variable("code_bucket"),
      s3_key="@key.zip", environment=[{"variables": {"LOG_LEVEL": "info", "NEWS_TOPIC_ARN": at("aws_sns_topic.news.arn")}}],
      dead_letter_config=[], tracing_config=[{"mode": Switch("tracing", "Active", "PassThrough")}],
      vpc_config=[{"subnet_ids": PRIVATE, "security_group_ids": [at("aws_security_group.app.id")]}],
      found={"vpc_config": [{"vpc_id": VPC}]})
block("events", "lambda_event_source_mapping", "task", QUEUES, event_source_arn=at("aws_sqs_queue.work[each].arn"),
      function_name=at("aws_lambda_function.task[each].arn"), batch_size=10, maximum_batching_window_in_seconds=5,
      function_response_types=["ReportBatchItemFailures"])
block("events", "cloudwatch_event_rule", "nightly", name="@stack-nightly", description="orders of the day",
      schedule_expression="cron(15 3 * * ? *)")
block("events", "cloudwatch_event_target", "nightly", rule=at("aws_cloudwatch_event_rule.nightly.name"), target_id="orders",
      arn=at('aws_sqs_queue.work["orders"].arn'), input=Encoded({"kind": "nightly"}))

# ---- what nobody took away -------------------------------------------------------------------------------------------

block("app", "security_group", "old", ("old",), only="bad", name="@stack-old", description="temporary", vpc_id=VPC,
      ingress=[reached(22, "for a day", cidrs=["0.0.0.0/0"])], egress=OUTWARDS)
block("app", "iam_role", "old", ("old",), only="bad", name="@stack-old", description="", assume_role_policy=trusted("ec2"))
block("events", "sqs_queue", "old", ("old",), only="bad", name="@stack-old", message_retention_seconds=345600,
      receive_wait_time_seconds=0, visibility_timeout_seconds=30, kms_master_key_id="")

BLOCKS.sort(key=lambda each: each[:3])
# A string longer than anything that is written by hand.
LONG = Block("data", "s3_object", "long", None, {"bucket": at("aws_s3_bucket.logs.id"), "key": "@key",
                                                 "content": Given("var.settings", "@long")}, {}, None)
# What a document of 10 KB holds.
SMALL = {("cloudwatch_log_group", "function"), ("iam_role", "function"), ("iam_role_policy", "function"), ("kms_alias", "this"),
         ("kms_key", "this"), ("sqs_queue", "dead")}
