# one alarm for each kind of thing that people notice
resource "aws_sns_topic" "alarms" {
  count = var.alarms ? 1 : 0
  name  = "${local.name}-alarms"
}

resource "aws_sns_topic_subscription" "on_call" {
  count     = var.alarms ? 1 : 0
  topic_arn = aws_sns_topic.alarms[0].arn
  protocol  = "email"
  endpoint  = "on-call@gallery.example"
}

locals {
  watched = {
    database = { space = "AWS/RDS", metric = "FreeStorageSpace", less = true, at = { DBInstanceIdentifier = local.name } }
    cache    = { space = "AWS/ElastiCache", metric = "DatabaseMemoryUsagePercentage", less = false, at = { ReplicationGroupId = local.name } }
    api      = { space = "AWS/ECS", metric = "CPUUtilization", less = false, at = { ClusterName = local.name, ServiceName = "${local.name}-api" } }
    web      = { space = "AWS/ECS", metric = "CPUUtilization", less = false, at = { ClusterName = local.name, ServiceName = "${local.name}-web" } }
    worker   = { space = "AWS/ECS", metric = "CPUUtilization", less = false, at = { ClusterName = local.name, ServiceName = "${local.name}-worker" } }
  }
}

resource "aws_cloudwatch_metric_alarm" "watch" {
  for_each            = var.alarms ? local.watched : {}
  alarm_name          = "${local.name}-${each.key}"
  namespace           = each.value.space
  metric_name         = each.value.metric
  dimensions          = each.value.at
  statistic           = "Average"
  period              = 60
  evaluation_periods  = 5
  threshold           = 80
  comparison_operator = each.value.less ? "LessThanThreshold" : "GreaterThanThreshold"
  alarm_actions       = [aws_sns_topic.alarms[0].arn]
}

resource "aws_cloudwatch_metric_alarm" "balancer" {
  count               = var.alarms ? 1 : 0
  alarm_name          = "${local.name}-balancer"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "HTTPCode_ELB_5XX_Count"
  dimensions          = { LoadBalancer = aws_lb.main.arn_suffix }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 5
  threshold           = 10
  comparison_operator = "GreaterThanThreshold"
  alarm_actions       = [aws_sns_topic.alarms[0].arn]
}
