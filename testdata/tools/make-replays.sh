#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the documents of testdata/replays that Terraform can write: with the real terraform and the stand-in provider.
# usage: make-replays.sh OUT_DIR     (needs go and terraform 1.11; the times that plans carry are set to one moment)
# Each goes to OUT_DIR/NAME/: plan.json, those of the two large stacks as plan.json.gz.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
stacks=$here/../replays/stacks
mkdir -p "$1"
out=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mirror=$work/mirror/registry.terraform.io/hashicorp/aws/6.25.0/linux_amd64
mkdir -p "$mirror"
(cd "$here/schemaprov" && go build -o "$mirror/terraform-provider-aws_v6.25.0" .)
printf 'provider_installation {\n  filesystem_mirror { path = "%s" }\n}\ndisable_checkpoint = true\n' "$work/mirror" > "$work/rc"
export TF_CLI_CONFIG_FILE=$work/rc TF_IN_AUTOMATION=1 CHECKPOINT_DISABLE=1
export TF_VAR_db_password=CANARY-gallery-database TF_VAR_signing_key=CANARY-gallery-signing
export TF_VAR_database_password=CANARY-forecast-database

tf() { terraform "$@" -no-color > "$work/log" 2>&1 || { cat "$work/log" >&2; return 1; }; }
one_moment() { sed -E 's/"timestamp":"[^"]*"/"timestamp":"2026-01-15T09:00:00Z"/'; }

# plan NAME ARGS...; with BREAKS it may break off
plan() {
    local name=$1
    shift
    rm -f "$work/tfplan"
    terraform plan -no-color -input=false -out "$work/tfplan" "$@" > "$work/log" 2>&1 ||
        { [ -n "${BREAKS:-}" ] && [ -s "$work/tfplan" ]; } || { cat "$work/log" >&2; return 1; }
    mkdir -p "$out/$name"
    terraform show -json "$work/tfplan" | one_moment > "$out/$name/plan.json"
}
state() {
    mkdir -p "$out/$1"
    terraform show -json > "$out/$1/state.json"
}
apply() { tf apply -auto-approve -input=false "$@"; }
# stack NAME: a fresh copy of its code, without state
stack() {
    rm -rf "${work:?}/code"
    cp -r "$stacks/$1" "$work/code"
    cd "$work/code"
    tf init
}

no_queue() { printf 'locals {\n  queue_env    = []\n  queue_grants = []\n}\n'; }

gallery() {
    stack gallery
    before="-var cache=false -var cdn=false -var scaling=false -var access_logs=false -var firewall=off"
    # shellcheck disable=SC2086 # words on purpose
    set -- $before
    old=("$@" -var 'upload_methods=["GET","HEAD"]')
    apply "${old[@]}"
    plan A-staging-before "${old[@]}"

    # the fixes are in, the queue is still there
    apply
    cp terraform.tfstate "$work/queued.tfstate"
    cp queue.tf "$work/queue-used.tf"
    # nobody is given its address any more, nor the right to use it; then its module leaves the code
    sed -i 's/queue_env .*/queue_env = []/; s/queue_grants .*/queue_grants = []/' queue.tf
    cp queue.tf "$work/queue-unused.tf"
    apply
    cp terraform.tfstate "$work/after.tfstate"
    no_queue > queue.tf
    tf init
    plan B-staging-after

    # its address stays in the containers
    cp "$work/queued.tfstate" terraform.tfstate
    printf 'locals {\n  queue_env = [{ name = "JOBS_QUEUE_URL", value = "%s" }]\n  queue_grants = []\n}\n' \
        "$(terraform show -json | grep -o 'https://sqs[^"]*jobs"' | head -n 1 | tr -d '"')" > queue.tf
    apply -target=aws_iam_role_policy.app_media
    plan Z2b-queue-still-named

    # the grant on it stays
    cp "$work/after.tfstate" terraform.tfstate
    sed 's/queue_env .*/queue_env = []/' "$work/queue-used.tf" > queue.tf
    tf init
    apply
    sed -i '/^module/,/^}/d' queue.tf
    tf init
    plan Z2f-queue-still-granted

    # an alarm on it stays
    cp "$work/after.tfstate" terraform.tfstate
    cp "$work/queue-unused.tf" queue.tf
    cat > alarm.tf <<'H'
resource "aws_cloudwatch_metric_alarm" "jobs" {
  alarm_name          = "gallery-old-jobs"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions          = { QueueName = module.queue.name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  threshold           = 600
  comparison_operator = "GreaterThanThreshold"
  alarm_actions       = ["arn:aws:sns:eu-north-1:123456789012:on-call-of-all-stacks"]
}
H
    tf init
    apply
    no_queue > queue.tf
    sed -i 's/module.queue.name/"gallery-staging-jobs"/' alarm.tf
    tf init
    plan Z2c-queue-alarmed
    rm alarm.tf

    # without the queue
    rm -f terraform.tfstate*
    tf init
    plan Z2d-first-plan
    apply
    state Z2e-state-alone
    plan Z4-acls-off -var log_ownership=BucketOwnerEnforced
    plan Z4-balancer-forgotten -var 'log_writers={"buckets":"logging.s3.amazonaws.com","edge":"delivery.logs.amazonaws.com"}'
    plan Z4-delivery -var edge_logs=delivery -var log_ownership=BucketOwnerEnforced
    plan Z5-cache-tls -var cache_tls=true
    plan Z6-cache-shut -var cache_admits_tasks=false
    plan Z9-secret-again -replace='module.secrets.aws_secretsmanager_secret.this["signing"]'
    apply -var cdn=false -var cdn_host_of_bucket=true
    plan Z7-bucket-host -var cdn=false -var cdn_host_of_bucket=true
    rm -f terraform.tfstate*
    sed -i '/providers = { aws = aws.virginia }/d' main.tf
    tf init
    apply
    plan Z8-certificate-elsewhere

    # production: the queue left over there as well
    stack gallery
    prod=(-var environment=production -var nat_gateways=2 -var db_multi_az=true -var db_guarded=true -var cache_nodes=2
        -var firewall=block
        -var 'capacity={"api":{"port":8000,"least":2,"most":10},"web":{"port":3000,"least":2,"most":10},"worker":{"port":0,"least":1,"most":5}}')
    no_queue > queue.tf
    plan D-first-plan-production "${prod[@]}" -var cache_tls=true -var cache_scheme=rediss -var alarms=true -var db_kept_days=30
    cp "$work/queue-unused.tf" queue.tf
    tf init
    apply "${prod[@]}"
    no_queue > queue.tf
    tf init
    plan C-production-after "${prod[@]}"
    rm -f terraform.tfstate*
    weak=(-var environment=production -var db_guarded=true -var cache_nodes=2
        -var 'capacity={"api":{"port":8000,"least":2,"most":10},"web":{"port":3000,"least":2,"most":10},"worker":{"port":0,"least":1,"most":5}}')
    apply "${weak[@]}"
    plan Z3b-production-weak "${weak[@]}"
}

# What the pull request under review does: both tasks run as roles of their own.
own_roles() {
    for task in backend worker; do
        sed -i "/^resource \"aws_ecs_task_definition\" \"$task\"/,/^}/s/aws_iam_role.shared.arn/aws_iam_role.${task}[0].arn/" main.tf
    done
    tf init
}

forecast() {
    stack forecast
    apply -var worker=false
    cp terraform.tfstate "$work/shared.tfstate"
    own_roles
    plan E1-own-roles -var roles=own
    plan E2-own-roles-with-tables -var roles=own -var tables_for_own_roles=true
    apply -target=aws_iam_role.backend -target=aws_iam_role.worker -var roles=own
    plan R3-roles-known -var roles=own
    cp "$work/shared.tfstate" terraform.tfstate
    own=(-var roles=own -var tables_for_own_roles=true)
    apply "${own[@]}"
    plan R8-unchanged "${own[@]}"
    plan R5-dead-letters "${own[@]}" -var failed_retention=345600 -var failed_alarm=false -var on_call=false
    plan R6-nobody-sends "${own[@]}" -var backend_may_send=false -var shared_queue=false
    plan R7-secrets-unreadable "${own[@]}" -var start_reads_secrets=false
    plan R9-misspelt "${own[@]}" -var worker_queue_variable=FORECASTS_QUEUE_URL
    apply "${own[@]}" -var only_from_network=true
    plan R4-no-endpoint "${own[@]}" -var only_from_network=true -var endpoint=false
}

# micro NAME: one small stack, first without and then with its second text
micro() {
    rm -rf "${work:?}/code"
    mkdir "$work/code"
    cp -r "$stacks/micro/$1/." "$work/code"
    cd "$work/code"
    mv 1.tf main.tf
    [ ! -f 2.tf ] || mv 2.tf "$work/second.tf"
    cp "$stacks/micro/provider.tf" .
    tf init
}
second() {
    cp "$work/second.tf" main.tf
    tf init
}
# drift FILE: what the next refreshes find; the ids of objects come from the state
id() { terraform state show -no-color "$1" | sed -nE 's/^ *id += "(.*)"$/\1/p'; }

micros() {
    local name
    for name in M1-skipped M1-unnamed M1-guarded M4-terraform M6-moved M6-replaced M7-same-name M7-alike M8 M9-call-removed \
        M9-count-zero M12; do
        micro "$name"
        apply
        second
        plan "$name"
    done
    for name in M5-update M11-pass M11-fail M11-unknown M16 M19-inline M19-split; do
        micro "$name"
        plan "$name"
    done
    micro M11-error
    BREAKS=1 plan M11-error
    rm -rf "${work:?}/code"
    mkdir "$work/code"
    cp "$stacks/micro/F/1.tf" "$work/code/main.tf"
    cd "$work/code"
    tf init
    plan F-variables-alone
    micro M2-database
    apply
    tf taint aws_db_instance.orders
    plan M2-database
    micro M2-rule
    apply
    tf taint aws_vpc_security_group_ingress_rule.app
    plan M2-rule
    micro M3-bucket
    apply
    second
    SCHEMAPROV_FAIL_DESTROY=aws_s3_bucket terraform apply -no-color -auto-approve -input=false > "$work/log" 2>&1 || true
    plan M3-bucket
    micro M3-instance
    apply
    second
    SCHEMAPROV_FAIL_DESTROY=aws_instance terraform apply -no-color -auto-approve -input=false > "$work/log" 2>&1 || true
    state M3-instance
    # what it imports is as the code says
    micro M5-no-op
    echo '{"aws_cloudwatch_log_group//app/adopted": {"retention_in_days": 60, "skip_destroy": false, "tags_all": {"Environment": "production"}}}' \
        > "$work/drift.json"
    SCHEMAPROV_DRIFT=$work/drift.json plan M5-no-op
    micro M5-generated
    SCHEMAPROV_DRIFT=$work/drift.json plan M5-generated -generate-config-out=made.tf
    micro M10-targeted
    apply
    second
    plan M10-targeted -target=aws_cloudwatch_log_group.web
    micro M10-errored
    apply
    second
    BREAKS=1 SCHEMAPROV_FAIL_PLAN=aws_sqs_queue plan M10-errored
    micro M13
    apply
    sed "s|KEY_ARN|$(terraform state show -no-color aws_kms_key.reports | sed -nE 's/^ *arn += "(.*)"$/\1/p')|" "$work/second.tf" > main.tf
    plan M13
    micro M14
    apply
    cat > "$work/drift.json" <<H
{"aws_security_group/$(id aws_security_group.database)": {"ingress": [{"from_port": 5432, "to_port": 5432, "protocol": "tcp",
  "cidr_blocks": ["0.0.0.0/0"], "description": "for a moment", "ipv6_cidr_blocks": [], "prefix_list_ids": [], "security_groups": [],
  "self": false}]},
 "aws_ecs_service/$(id aws_ecs_service.api)": {"desired_count": 6},
 "aws_cloudwatch_log_group/$(id aws_cloudwatch_log_group.api)": null}
H
    SCHEMAPROV_DRIFT=$work/drift.json plan M14
    micro Z10
    apply
    printf '{"aws_ecs_service/%s": {"task_definition": "arn:aws:ecs:eu-central-1:123456789012:task-definition/api:42"}}\n' \
        "$(id aws_ecs_service.api)" > "$work/drift.json"
    SCHEMAPROV_DRIFT=$work/drift.json plan Z10-rolled-back
}

for part in ${PARTS:-gallery forecast micros}; do
    $part
done
# the large ones are kept compressed
find "$out" -name '*.json' -size +24k -exec gzip -9nf {} +
