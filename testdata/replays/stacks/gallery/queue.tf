# the queue of the first design; the workers were built on the cache instead and never read it
module "queue" {
  source = "./modules/queue"
  name   = "${local.name}-jobs"
}

locals {
  queue_env    = [{ name = "JOBS_QUEUE_URL", value = module.queue.url }]
  queue_grants = [{ Effect = "Allow", Action = ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], Resource = "arn:aws:sqs:eu-north-1:123456789012:${local.name}-jobs" }]
}
