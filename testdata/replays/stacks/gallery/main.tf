# Gallery: people upload pictures and look at them. An API, a site and a worker on ECS behind one balancer, PostgreSQL, Redis as
# the broker of the worker, a bucket behind a CDN.
locals {
  name       = "gallery-${var.environment}"
  site_host  = "www.${var.environment}.gallery.example"
  media_host = "media.${var.environment}.gallery.example"
  broker     = var.cache ? "${var.cache_scheme}://${aws_elasticache_replication_group.cache[0].primary_endpoint_address}:6379/0" : ""
  shared = concat(
    [
      { name = "STORAGE", value = "s3" },
      { name = "S3_BUCKET", value = module.media.name },
      { name = "AWS_REGION", value = "eu-north-1" },
    ],
    var.cache ? [{ name = "REDIS_URL", value = local.broker }] : [],
    local.queue_env,
  )
  env = {
    api    = concat(local.shared, [{ name = "CDN_BASE_URL", value = "https://${var.cdn_host_of_bucket ? module.media.host : local.media_host}" }])
    web    = [{ name = "API_BASE_URL", value = "https://api.${var.environment}.gallery.example" }]
    worker = concat(local.shared, [{ name = "CELERY_CONCURRENCY", value = "2" }])
  }
  command = { api = ["gunicorn", "gallery.api"], web = ["node", "server.js"], worker = ["celery", "-A", "gallery", "worker"] }
}

module "media" {
  source     = "./modules/media"
  name       = "${local.name}-media"
  methods    = var.upload_methods
  origins    = ["https://app.${var.environment}.gallery.example"]
  logged     = var.access_logs
  log_bucket = aws_s3_bucket.logs.id
}

module "certificate_media" {
  source    = "./modules/certificate"
  providers = { aws = aws.virginia }
  host      = local.media_host
}

module "certificate_balancer" {
  source = "./modules/certificate"
  host   = "*.${var.environment}.gallery.example"
}

module "edge_media" {
  count           = var.cdn ? 1 : 0
  source          = "./modules/edge"
  host            = local.media_host
  bucket_host     = module.media.host
  certificate_arn = module.certificate_media.arn
  web_acl_arn     = var.firewall == "off" ? null : aws_wafv2_web_acl.edge[0].arn
  logged          = var.access_logs
  delivery        = var.edge_logs == "delivery"
  log_host        = aws_s3_bucket.logs.bucket_domain_name
  log_arn         = aws_s3_bucket.logs.arn
}

# the front page, the same way
module "certificate_site" {
  source    = "./modules/certificate"
  providers = { aws = aws.virginia }
  host      = local.site_host
}

module "edge_site" {
  source          = "./modules/edge"
  host            = local.site_host
  bucket_host     = aws_s3_bucket.site.bucket_regional_domain_name
  certificate_arn = module.certificate_site.arn
  web_acl_arn     = var.firewall == "off" ? null : aws_wafv2_web_acl.edge[0].arn
  logged          = var.access_logs
  delivery        = var.edge_logs == "delivery"
  log_host        = aws_s3_bucket.logs.bucket_domain_name
  log_arn         = aws_s3_bucket.logs.arn
}

resource "aws_s3_bucket" "site" { bucket = "${local.name}-site" }

resource "aws_s3_bucket_versioning" "site" {
  bucket = aws_s3_bucket.site.id
  versioning_configuration { status = "Enabled" }
}

resource "aws_s3_bucket_public_access_block" "site" {
  bucket                  = aws_s3_bucket.site.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_logging" "site" {
  count         = var.access_logs ? 1 : 0
  bucket        = aws_s3_bucket.site.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "site/"
}

resource "aws_s3_bucket_policy" "site" {
  bucket = aws_s3_bucket.site.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "cloudfront.amazonaws.com" }
      Action    = "s3:GetObject"
      Resource  = "${aws_s3_bucket.site.arn}/*"
      Condition = { StringEquals = { "AWS:SourceArn" = module.edge_site.arn } }
    }]
  })
}

module "database" {
  source     = "./modules/database"
  name       = local.name
  subnet_ids = aws_subnet.private[*].id
  group_ids  = [aws_security_group.database.id]
  multi_az   = var.db_multi_az
  guarded    = var.db_guarded
  kept_days  = var.db_kept_days
  password   = var.db_password
}

module "secrets" {
  source = "./modules/secrets"
  prefix = local.name
  suffix = var.secret_suffix
  window = var.secret_window
  values = {
    signing  = var.signing_key
    database = "postgres://gallery:${var.db_password}@${module.database.address}:5432/gallery"
  }
}

resource "aws_s3_bucket_policy" "media" {
  count  = var.cdn ? 1 : 0
  bucket = module.media.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "cloudfront.amazonaws.com" }
      Action    = "s3:GetObject"
      Resource  = "${module.media.arn}/*"
      Condition = { StringEquals = { "AWS:SourceArn" = module.edge_media[0].arn } }
    }]
  })
}

resource "aws_s3_bucket" "logs" { bucket = "${local.name}-logs" }

resource "aws_s3_bucket_ownership_controls" "logs" {
  bucket = aws_s3_bucket.logs.id
  rule { object_ownership = var.log_ownership }
}

resource "aws_s3_bucket_public_access_block" "logs" {
  bucket                  = aws_s3_bucket.logs.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for folder, service in var.log_writers : {
      Effect    = "Allow"
      Principal = { Service = service }
      Action    = "s3:PutObject"
      Resource  = "${aws_s3_bucket.logs.arn}/*"
    }]
  })
}

resource "aws_elasticache_subnet_group" "cache" {
  count      = var.cache ? 1 : 0
  name       = local.name
  subnet_ids = aws_subnet.private[*].id
}

resource "aws_elasticache_replication_group" "cache" {
  count                      = var.cache ? 1 : 0
  replication_group_id       = local.name
  description                = "broker of the worker"
  engine                     = "redis"
  node_type                  = "cache.m7g.large"
  num_cache_clusters         = var.cache_nodes
  automatic_failover_enabled = var.cache_nodes > 1
  multi_az_enabled           = var.cache_nodes > 1
  at_rest_encryption_enabled = true
  transit_encryption_enabled = var.cache_tls
  port                       = 6379
  subnet_group_name          = aws_elasticache_subnet_group.cache[0].name
  security_group_ids         = [aws_security_group.cache[0].id]
}

resource "aws_lb" "main" {
  name               = local.name
  load_balancer_type = "application"
  internal           = false
  security_groups    = [aws_security_group.balancer.id]
  subnets            = aws_subnet.public[*].id

  dynamic "access_logs" {
    for_each = var.access_logs ? [1] : []
    content {
      bucket  = aws_s3_bucket.logs.id
      enabled = true
    }
  }
}

resource "aws_lb_target_group" "app" {
  for_each    = { for k, s in var.capacity : k => s if s.port > 0 }
  name        = "${local.name}-${each.key}"
  port        = each.value.port
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = aws_vpc.main.id
  health_check { path = "/healthz" }
}

resource "aws_lb_listener" "plain" {
  load_balancer_arn = aws_lb.main.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type = "redirect"
    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener" "tls" {
  load_balancer_arn = aws_lb.main.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = module.certificate_balancer.arn
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app["web"].arn
  }
}

resource "aws_lb_listener_rule" "api" {
  listener_arn = aws_lb_listener.tls.arn
  priority     = 1
  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app["api"].arn
  }
  condition {
    host_header { values = ["api.${var.environment}.gallery.example"] }
  }
}

resource "aws_wafv2_web_acl" "balancer" {
  count = var.firewall == "off" ? 0 : 1
  name  = "${local.name}-balancer"
  scope = "REGIONAL"
  default_action {
    allow {}
  }
  rule {
    name     = "known-bad"
    priority = 0
    override_action {
      dynamic "count" {
        for_each = var.firewall == "count" ? [1] : []
        content {}
      }
      dynamic "none" {
        for_each = var.firewall == "block" ? [1] : []
        content {}
      }
    }
    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesKnownBadInputsRuleSet"
      }
    }
    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "known-bad"
      sampled_requests_enabled   = true
    }
  }
  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "balancer"
    sampled_requests_enabled   = true
  }
}

resource "aws_wafv2_web_acl_association" "balancer" {
  count        = var.firewall == "off" ? 0 : 1
  resource_arn = aws_lb.main.arn
  web_acl_arn  = aws_wafv2_web_acl.balancer[0].arn
}

resource "aws_wafv2_web_acl" "edge" {
  count    = var.firewall == "off" ? 0 : 1
  provider = aws.virginia
  name     = "${local.name}-edge"
  scope    = "CLOUDFRONT"
  default_action {
    allow {}
  }
  rule {
    name     = "crawlers"
    priority = 0
    action {
      dynamic "count" {
        for_each = var.firewall == "count" ? [1] : []
        content {}
      }
      dynamic "block" {
        for_each = var.firewall == "block" ? [1] : []
        content {}
      }
    }
    statement {
      rate_based_statement { limit = 2000 }
    }
    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "crawlers"
      sampled_requests_enabled   = true
    }
  }
  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "edge"
    sampled_requests_enabled   = true
  }
}

resource "aws_iam_role" "start" {
  name = "${local.name}-start"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "start" {
  role       = aws_iam_role.start.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_iam_role_policy" "start_secrets" {
  name = "secrets"
  role = aws_iam_role.start.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = values(module.secrets.arns) }]
  })
}

resource "aws_iam_role" "app" {
  name               = "${local.name}-app"
  assume_role_policy = aws_iam_role.start.assume_role_policy
}

resource "aws_iam_role_policy" "app_media" {
  name = "media"
  role = aws_iam_role.app.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([
      { Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], Resource = "${module.media.arn}/*" },
      { Effect = "Allow", Action = "s3:ListBucket", Resource = module.media.arn },
    ], local.queue_grants)
  })
}

resource "aws_cloudwatch_log_group" "app" {
  for_each          = var.capacity
  name              = "/ecs/${local.name}/${each.key}"
  retention_in_days = 30
}

resource "aws_ecs_cluster" "main" { name = local.name }

resource "aws_ecs_task_definition" "app" {
  for_each                 = var.capacity
  family                   = "${local.name}-${each.key}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024
  skip_destroy             = true
  execution_role_arn       = aws_iam_role.start.arn
  task_role_arn            = aws_iam_role.app.arn
  container_definitions = jsonencode([{
    name         = each.key
    image        = "images.gallery.example/${each.key}:${var.release}"
    essential    = true
    command      = local.command[each.key]
    healthCheck  = { command = ["CMD", "healthy"] }
    portMappings = each.value.port > 0 ? [{ containerPort = each.value.port }] : []
    environment  = local.env[each.key]
    secrets      = each.key == "web" ? [] : [{ name = "SIGNING_KEY", valueFrom = module.secrets.arns["signing"] }, { name = "DATABASE_URL", valueFrom = module.secrets.arns["database"] }]
    logConfiguration = {
      logDriver = "awslogs"
      options   = { awslogs-group = aws_cloudwatch_log_group.app[each.key].name, awslogs-region = "eu-north-1", awslogs-stream-prefix = "app" }
    }
  }])
}

resource "aws_ecs_service" "app" {
  for_each        = var.capacity
  name            = "${local.name}-${each.key}"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.app[each.key].arn
  desired_count   = each.value.least
  launch_type     = "FARGATE"
  network_configuration {
    subnets         = aws_subnet.private[*].id
    security_groups = [aws_security_group.tasks.id]
  }
  dynamic "load_balancer" {
    for_each = each.value.port > 0 ? [each.value.port] : []
    content {
      target_group_arn = aws_lb_target_group.app[each.key].arn
      container_name   = each.key
      container_port   = load_balancer.value
    }
  }
  depends_on = [aws_lb_listener.tls, aws_lb_listener_rule.api]
  lifecycle { ignore_changes = [desired_count] }
}

resource "aws_appautoscaling_target" "app" {
  for_each           = var.scaling ? var.capacity : {}
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.app[each.key].name}"
  min_capacity       = each.value.least
  max_capacity       = each.value.most
}

resource "aws_appautoscaling_policy" "app" {
  for_each           = aws_appautoscaling_target.app
  name               = "cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = each.value.service_namespace
  scalable_dimension = each.value.scalable_dimension
  resource_id        = each.value.resource_id
  target_tracking_scaling_policy_configuration {
    target_value = 60
    predefined_metric_specification { predefined_metric_type = "ECSServiceAverageCPUUtilization" }
  }
}

resource "aws_route53_zone" "main" { name = "gallery.example" }

resource "aws_route53_record" "api" {
  for_each = toset(["api", "app"])
  zone_id  = aws_route53_zone.main.zone_id
  name     = "${each.key}.${var.environment}.gallery.example"
  type     = "A"
  alias {
    name                   = aws_lb.main.dns_name
    zone_id                = aws_lb.main.zone_id
    evaluate_target_health = true
  }
}

resource "aws_route53_record" "media" {
  count   = var.cdn ? 1 : 0
  zone_id = aws_route53_zone.main.zone_id
  name    = local.media_host
  type    = "A"
  alias {
    name                   = module.edge_media[0].host
    zone_id                = module.edge_media[0].zone
    evaluate_target_health = false
  }
}

resource "aws_route53_record" "site" {
  zone_id = aws_route53_zone.main.zone_id
  name    = local.site_host
  type    = "A"
  alias {
    name                   = module.edge_site.host
    zone_id                = module.edge_site.zone
    evaluate_target_health = false
  }
}
