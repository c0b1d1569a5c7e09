# Forecast: a backend takes tables from people, a worker computes forecasts from them. Under review: both leave the one role that
# could do everything, for roles of their own.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "roles" { default = "shared" } # shared, own
variable "worker" { default = true }
variable "shared_queue" { default = true }
variable "tables_for_own_roles" { default = false }
variable "backend_may_send" { default = true }
variable "start_reads_secrets" { default = true }
variable "only_from_network" { default = false }
variable "endpoint" { default = true }
variable "failed_retention" { default = 1209600 }
variable "failed_alarm" { default = true }
variable "on_call" { default = true }
variable "worker_queue_variable" { default = "FORECAST_QUEUE_URL" }
variable "database_password" {
  type      = string
  sensitive = true
}

provider "aws" {
  region = "us-east-2"
  default_tags {
    tags = { Environment = "production", Service = "forecast" }
  }
}

locals {
  trust = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
  })
  own = var.roles == "own"
  shared_env = [
    { name = "AWS_REGION", value = "us-east-2" },
    { name = "S3_BUCKET", value = aws_s3_bucket.tables.bucket },
    { name = "ENABLE_QUEUE", value = "true" },
  ]
  env = { for name, variables in local.all_env : name => variables if name == "backend" || var.worker }
  all_env = {
    backend = concat(local.shared_env, [{ name = "FORECAST_QUEUE_URL", value = aws_sqs_queue.forecasts.url }])
    worker = concat(local.shared_env, [
      { name = var.worker_queue_variable, value = aws_sqs_queue.forecasts.url },
      { name = "FORECASTS_BUCKET", value = aws_s3_bucket.tables.bucket },
    ])
  }
  queue_condition = var.only_from_network ? { Condition = { StringEquals = { "aws:SourceVpc" = aws_vpc.main.id } } } : {}
}

resource "aws_vpc" "main" { cidr_block = "10.80.0.0/16" }

resource "aws_subnet" "private" {
  count             = 2
  vpc_id            = aws_vpc.main.id
  cidr_block        = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index)
  availability_zone = ["us-east-2a", "us-east-2b"][count.index]
}

resource "aws_security_group" "tasks" {
  name   = "forecast-tasks"
  vpc_id = aws_vpc.main.id
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "database" {
  name   = "forecast-database"
  vpc_id = aws_vpc.main.id
  ingress {
    from_port       = 5432
    to_port         = 5432
    protocol        = "tcp"
    security_groups = [aws_security_group.tasks.id]
  }
}

resource "aws_vpc_endpoint" "queues" {
  count             = var.endpoint ? 1 : 0
  vpc_id            = aws_vpc.main.id
  service_name      = "com.amazonaws.us-east-2.sqs"
  vpc_endpoint_type = "Interface"
  subnet_ids        = aws_subnet.private[*].id
}

resource "aws_s3_bucket" "tables" { bucket = "forecast-tables" }

resource "aws_s3_bucket_public_access_block" "tables" {
  bucket                  = aws_s3_bucket.tables.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "tables" {
  bucket = aws_s3_bucket.tables.id
  versioning_configuration { status = "Enabled" }
}

resource "aws_s3_bucket_logging" "tables" {
  bucket        = aws_s3_bucket.tables.id
  target_bucket = "forecast-audit-of-another-stack"
  target_prefix = "tables/"
}

resource "aws_sqs_queue" "failed" {
  name                      = "forecast-failed"
  message_retention_seconds = var.failed_retention
}

resource "aws_sqs_queue" "forecasts" {
  name                       = "forecast-jobs"
  visibility_timeout_seconds = 300
  message_retention_seconds  = 345600
  redrive_policy             = jsonencode({ deadLetterTargetArn = aws_sqs_queue.failed.arn, maxReceiveCount = 3 })
}

resource "aws_sns_topic" "alarms" { name = "forecast-alarms" }

resource "aws_sns_topic_subscription" "on_call" {
  count     = var.on_call ? 1 : 0
  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = "on-call@forecast.example"
}

resource "aws_cloudwatch_metric_alarm" "failed" {
  count               = var.failed_alarm ? 1 : 0
  alarm_name          = "forecast-failed-jobs"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.failed.name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  alarm_actions       = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_metric_alarm" "age" {
  alarm_name          = "forecast-old-jobs"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions          = { QueueName = aws_sqs_queue.forecasts.name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  threshold           = 600
  comparison_operator = "GreaterThanThreshold"
  alarm_actions       = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_metric_alarm" "database" {
  alarm_name          = "forecast-database-storage"
  namespace           = "AWS/RDS"
  metric_name         = "FreeStorageSpace"
  dimensions          = { DBInstanceIdentifier = aws_db_instance.main.identifier }
  statistic           = "Minimum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 5000000000
  comparison_operator = "LessThanThreshold"
  alarm_actions       = [aws_sns_topic.alarms.arn]
}

resource "aws_db_subnet_group" "main" {
  name       = "forecast"
  subnet_ids = aws_subnet.private[*].id
}

resource "aws_db_instance" "main" {
  identifier                = "forecast"
  engine                    = "postgres"
  engine_version            = "16.4"
  instance_class            = "db.m7g.large"
  allocated_storage         = 50
  max_allocated_storage     = 200
  storage_encrypted         = true
  username                  = "forecast"
  password                  = var.database_password
  multi_az                  = true
  backup_retention_period   = 30
  deletion_protection       = true
  skip_final_snapshot       = false
  final_snapshot_identifier = "forecast-last"
  db_subnet_group_name      = aws_db_subnet_group.main.name
  vpc_security_group_ids    = [aws_security_group.database.id]
}

resource "aws_secretsmanager_secret" "database" { name = "forecast/database" }

resource "aws_secretsmanager_secret_version" "database" {
  secret_id     = aws_secretsmanager_secret.database.id
  secret_string = "postgres://forecast:${var.database_password}@${aws_db_instance.main.address}:5432/forecast"
}

resource "aws_iam_role" "start" {
  name               = "forecast-start"
  assume_role_policy = local.trust
}

resource "aws_iam_role_policy_attachment" "start" {
  role       = aws_iam_role.start.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_iam_role_policy" "start_secrets" {
  count = var.start_reads_secrets ? 1 : 0
  name  = "secrets"
  role  = aws_iam_role.start.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.database.arn }]
  })
}

# the role that both had
resource "aws_iam_role" "shared" {
  name               = "forecast-shared"
  assume_role_policy = local.trust
}

resource "aws_iam_role_policy" "shared_tables" {
  name = "tables"
  role = aws_iam_role.shared.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([
      { Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], Resource = "${aws_s3_bucket.tables.arn}/*" },
      { Effect = "Allow", Action = "s3:ListBucket", Resource = aws_s3_bucket.tables.arn },
    ], var.shared_queue ? [{ Effect = "Allow", Action = "sqs:*", Resource = aws_sqs_queue.forecasts.arn }] : [])
  })
}

resource "aws_iam_role" "backend" {
  count              = local.own ? 1 : 0
  name               = "forecast-backend"
  assume_role_policy = local.trust
}

resource "aws_iam_role" "worker" {
  count              = local.own ? 1 : 0
  name               = "forecast-worker"
  assume_role_policy = local.trust
}

resource "aws_iam_role_policy" "backend_queue" {
  count = local.own ? 1 : 0
  name  = "queue"
  role  = aws_iam_role.backend[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [merge({
      Effect   = "Allow"
      Action   = var.backend_may_send ? ["sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"] : ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"]
      Resource = aws_sqs_queue.forecasts.arn
    }, local.queue_condition)]
  })
}

resource "aws_iam_role_policy" "worker_queue" {
  count = local.own ? 1 : 0
  name  = "queue"
  role  = aws_iam_role.worker[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [merge({
      Effect   = "Allow"
      Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"]
      Resource = aws_sqs_queue.forecasts.arn
    }, local.queue_condition)]
  })
}

resource "aws_iam_policy" "tables" {
  count = local.own && var.tables_for_own_roles ? 1 : 0
  name  = "forecast-tables"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"]
      Resource = ["arn:aws:s3:::forecast-tables", "arn:aws:s3:::forecast-tables/*"]
    }]
  })
}

resource "aws_iam_role_policy_attachment" "backend_tables" {
  count      = local.own && var.tables_for_own_roles ? 1 : 0
  role       = aws_iam_role.backend[0].name
  policy_arn = aws_iam_policy.tables[0].arn
}

resource "aws_iam_role_policy_attachment" "worker_tables" {
  count      = local.own && var.tables_for_own_roles ? 1 : 0
  role       = aws_iam_role.worker[0].name
  policy_arn = aws_iam_policy.tables[0].arn
}

resource "aws_cloudwatch_log_group" "app" {
  for_each          = local.env
  name              = "/ecs/forecast/${each.key}"
  retention_in_days = 90
}

resource "aws_ecs_cluster" "main" { name = "forecast" }

resource "aws_ecs_task_definition" "backend" {
  family                   = "forecast-backend"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 1024
  memory                   = 2048
  execution_role_arn       = aws_iam_role.start.arn
  task_role_arn            = aws_iam_role.shared.arn
  container_definitions = jsonencode([{
    name        = "backend"
    image       = "images.forecast.example/backend@sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"
    essential   = true
    healthCheck = { command = ["CMD", "healthy"] }
    environment = local.env.backend
    secrets     = [{ name = "DATABASE_URL", valueFrom = aws_secretsmanager_secret.database.arn }]
    logConfiguration = {
      logDriver = "awslogs"
      options   = { awslogs-group = aws_cloudwatch_log_group.app["backend"].name, awslogs-region = "us-east-2", awslogs-stream-prefix = "app" }
    }
  }])
}

resource "aws_ecs_task_definition" "worker" {
  count                    = var.worker ? 1 : 0
  family                   = "forecast-worker"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 1024
  memory                   = 2048
  execution_role_arn       = aws_iam_role.start.arn
  task_role_arn            = aws_iam_role.shared.arn
  container_definitions = jsonencode([{
    name        = "worker"
    image       = "images.forecast.example/worker@sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"
    essential   = true
    healthCheck = { command = ["CMD", "healthy"] }
    environment = local.env.worker
    secrets     = [{ name = "DATABASE_URL", valueFrom = aws_secretsmanager_secret.database.arn }]
    logConfiguration = {
      logDriver = "awslogs"
      options   = { awslogs-group = aws_cloudwatch_log_group.app["worker"].name, awslogs-region = "us-east-2", awslogs-stream-prefix = "app" }
    }
  }])
}
