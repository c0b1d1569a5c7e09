# Depots of a carrier: sites, bays in them, gates in those. Written so that each way of referring to another object occurs
# once; which instance means which is said beside it.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "stage" { default = 0 }

locals {
  sites = { north = { bays = ["a", "b"] }, south = { bays = ["a", "b"] } }
}

provider "aws" { region = "eu-north-1" }

# What a module makes, used by the provider of another module.
provider "aws" {
  alias  = "edge"
  region = "us-east-1"
  assume_role { role_arn = module.access.arn }
}

module "access" { source = "./modules/access" }

module "edge" {
  source    = "./modules/edge"
  providers = { aws = aws.edge }
}

# Two levels of for_each, three levels of modules.
module "site" {
  for_each = local.sites
  source   = "./modules/site"
  name     = each.key
  bays     = each.value.bays
  topic    = aws_sns_topic.site[each.key].arn # this site's
  key      = aws_kms_key.depot.arn
}

resource "aws_kms_key" "depot" { description = "depot" }

resource "aws_sns_topic" "site" {
  for_each = toset(["north", "south"])
  name     = "depot-${each.key}"
}

resource "aws_sns_topic_subscription" "site" {
  for_each  = toset(["north", "south"])
  topic_arn = aws_sns_topic.site[each.key].arn # this site's
  protocol  = "sqs"
  endpoint  = module.site[each.key].queue_arn # this site's
}

resource "aws_cloudwatch_metric_alarm" "south" {
  alarm_name          = "depot-south"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  alarm_actions       = [aws_sns_topic.site["south"].arn]   # south's
  alarm_description   = module.site["south"].gates["a"].arn # what south's gates are
}

# By count: one to one, one of several, all.
resource "aws_eip" "nat" { count = 2 }

resource "aws_vpc" "depot" { cidr_block = "10.40.0.0/16" }

resource "aws_subnet" "yard" {
  count      = 4
  vpc_id     = aws_vpc.depot.id
  cidr_block = "10.40.${count.index}.0/24"
}

resource "aws_nat_gateway" "out" {
  count         = 2
  allocation_id = aws_eip.nat[count.index].id # the same number
  subnet_id     = aws_subnet.yard[0].id       # the first
}

resource "aws_route_table" "yard" {
  count  = 2
  vpc_id = aws_vpc.depot.id
}

resource "aws_route_table_association" "yard" {
  count          = 4
  subnet_id      = aws_subnet.yard[count.index].id          # the same number
  route_table_id = aws_route_table.yard[count.index % 2].id # cannot be told: either
}

resource "aws_db_subnet_group" "depot" {
  name       = "depot"
  subnet_ids = aws_subnet.yard[*].id # all four
}

resource "aws_security_group" "one" {
  count = 1
  name  = "depot-one"
}

resource "aws_elasticache_replication_group" "depot" {
  replication_group_id = "depot-cache"
  description          = "depot"
  security_group_ids   = aws_security_group.one[*].id # all, and that is one
}

# A block that no plan shows.
resource "aws_dynamodb_table" "dynamic" {
  name     = "depot-dynamic"
  hash_key = "id"
  attribute {
    name = "id"
    type = "S"
  }
  dynamic "server_side_encryption" {
    for_each = [true]
    content {
      enabled     = server_side_encryption.value
      kms_key_arn = aws_kms_key.depot.arn
    }
  }
}

# Order alone.
resource "aws_s3_bucket" "last" {
  bucket     = "depot-last"
  depends_on = [module.access, aws_vpc.depot]
}

module "plain" {
  source     = "./modules/plain"
  count      = length(aws_eip.nat)
  depends_on = [aws_s3_bucket.last]
}

# Triggers.
resource "aws_sqs_queue" "trigger" { name = "depot-trigger-${var.stage}" }

resource "aws_cloudwatch_log_group" "triggered" {
  count = var.stage > 0 ? 1 : 0
  name = "depot-triggered"
  lifecycle { replace_triggered_by = [aws_sqs_queue.trigger] }
}

# A data source that waits for the apply.
data "terraform_remote_state" "other" {
  backend    = "local"
  config     = { path = "${path.module}/other.tfstate" }
  depends_on = [aws_sqs_queue.trigger]
}

resource "aws_ssm_parameter" "read" {
  name  = "/depot/other"
  type  = "String"
  value = data.terraform_remote_state.other.outputs.name
}

# Values that point at each other; what no reference joins.
resource "aws_sqs_queue" "left" {
  name = "depot-left"
  tags = { other = "arn:aws:sqs:eu-north-1:123456789012:depot-right" }
}

resource "aws_sqs_queue" "right" {
  name = "depot-right"
  tags = { other = "arn:aws:sqs:eu-north-1:123456789012:depot-left" }
}

# A document of more than 4,000 characters.
resource "aws_iam_policy" "long" {
  name = "depot-long"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [for number in range(40) : { Sid = "Filler${number}", Effect = "Deny", Action = "s3:DeleteObject", Resource = "arn:aws:s3:::elsewhere-${number}/*" }],
      [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.trigger.arn }],
    )
  })
}

# Conditions.
resource "aws_sqs_queue" "guarded" {
  name = "depot-guarded"
  lifecycle {
    precondition {
      condition     = aws_vpc.depot.cidr_block != ""
      error_message = "the depot has a network"
    }
  }
}

check "keys" {
  assert {
    condition     = aws_kms_key.depot.deletion_window_in_days != 1
    error_message = "keys are kept longer"
  }
}

output "queues" { value = { for name, site in module.site : name => site.queue_arn } }
output "south" { value = module.site["south"].gates }
