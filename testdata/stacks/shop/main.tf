# A small web shop: an API and a worker on ECS, PostgreSQL, Redis, a bucket, a queue of a first design.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "environment" { type = string }
variable "db_user" { default = "shop" }
variable "db_multi_az" { default = false }
variable "db_backup_days" { default = 7 }
variable "lb_name" { default = "shop" }
variable "queue" { default = true }
variable "replicas" { default = 2 }
variable "db_password" {
  type      = string
  sensitive = true
}

provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = { Environment = var.environment, Team = "shop" }
  }
}

locals {
  name      = "shop-${var.environment}"
  queue_env = var.queue ? [{ name = "JOBS_QUEUE_URL", value = module.jobs[0].url }] : []
  env = {
    api    = concat([{ name = "BUCKET", value = aws_s3_bucket.uploads.bucket }, { name = "REDIS_HOST", value = aws_elasticache_replication_group.cache.primary_endpoint_address }], local.queue_env)
    worker = [{ name = "DB_HOST", value = aws_db_instance.main.address }, { name = "REDIS_HOST", value = aws_elasticache_replication_group.cache.primary_endpoint_address }]
  }
}

resource "aws_vpc" "main" { cidr_block = "10.20.0.0/16" }

resource "aws_subnet" "private" {
  count             = 2
  vpc_id            = aws_vpc.main.id
  cidr_block        = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index)
  availability_zone = ["eu-west-1a", "eu-west-1b"][count.index]
}

resource "aws_security_group" "web" {
  name   = "${local.name}-web"
  vpc_id = aws_vpc.main.id
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "data" {
  name   = "${local.name}-data"
  vpc_id = aws_vpc.main.id
  ingress {
    from_port   = 5432
    to_port     = 5432
    protocol    = "tcp"
    cidr_blocks = ["10.20.0.0/16"]
  }
  ingress {
    from_port   = 6379
    to_port     = 6379
    protocol    = "tcp"
    cidr_blocks = ["10.20.0.0/16"]
  }
}

resource "aws_lb" "web" {
  name               = var.lb_name
  load_balancer_type = "application"
  security_groups    = [aws_security_group.web.id]
  subnets            = aws_subnet.private[*].id
}

resource "aws_lb_target_group" "api" {
  name        = "${local.name}-api"
  port        = 8080
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = aws_vpc.main.id
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.api.arn
  }
}

resource "aws_db_subnet_group" "main" {
  name       = local.name
  subnet_ids = aws_subnet.private[*].id
}

resource "aws_db_instance" "main" {
  identifier              = "shop-main"
  engine                  = "postgres"
  engine_version          = "16.4"
  instance_class          = "db.r6g.large"
  allocated_storage       = 100
  username                = var.db_user
  password                = var.db_password
  multi_az                = var.db_multi_az
  backup_retention_period = var.db_backup_days
  deletion_protection     = false
  skip_final_snapshot     = true
  db_subnet_group_name    = aws_db_subnet_group.main.name
  vpc_security_group_ids  = [aws_security_group.data.id]
}

resource "aws_elasticache_replication_group" "cache" {
  replication_group_id       = local.name
  description                = "sessions and job broker"
  node_type                  = "cache.r6g.large"
  num_cache_clusters         = var.replicas
  automatic_failover_enabled = var.replicas > 1
  multi_az_enabled           = var.replicas > 1
  security_group_ids         = [aws_security_group.data.id]
}

resource "aws_s3_bucket" "uploads" { bucket = "${local.name}-uploads" }

module "jobs" {
  count  = var.queue ? 1 : 0
  source = "./modules/queue"
  name   = "${local.name}-jobs"
}

resource "aws_iam_role" "task" {
  name = "${local.name}-task"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "uploads" {
  name = "uploads"
  role = aws_iam_role.task.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], Resource = "${aws_s3_bucket.uploads.arn}/*" },
      { Effect = "Allow", Action = "s3:ListBucket", Resource = aws_s3_bucket.uploads.arn },
      { Effect = "Allow", Action = "sqs:SendMessage", Resource = "arn:aws:sqs:*:*:${local.name}-*" },
    ]
  })
}

resource "aws_iam_role" "execution" {
  name               = "${local.name}-execution"
  assume_role_policy = aws_iam_role.task.assume_role_policy
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_ecs_cluster" "main" { name = local.name }

resource "aws_ecs_task_definition" "app" {
  for_each                 = local.env
  family                   = "${local.name}-${each.key}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024
  task_role_arn            = aws_iam_role.task.arn
  execution_role_arn       = aws_iam_role.execution.arn
  container_definitions    = jsonencode([{ name = each.key, image = "registry.example/shop/${each.key}:1.8.2", essential = true, environment = each.value }])
}

resource "aws_ecs_service" "app" {
  for_each        = local.env
  name            = each.key
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.app[each.key].arn
  desired_count   = 2
  launch_type     = "FARGATE"
  network_configuration {
    subnets         = aws_subnet.private[*].id
    security_groups = [aws_security_group.web.id]
  }
}

output "database" { value = aws_db_instance.main.address }
