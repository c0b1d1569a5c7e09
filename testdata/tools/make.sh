#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the documents of testdata/stacks with the real terraform and the stand-in provider in schemaprov/.
# usage: make.sh OUT_DIR [shop] [depot]     (needs go and terraform 1.11; the times that plans carry are set to one moment)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mirror=$work/mirror/registry.terraform.io/hashicorp/aws/6.25.0/linux_amd64
mkdir -p "$mirror"
(cd "$here/schemaprov" && go build -o "$mirror/terraform-provider-aws_v6.25.0" .)
printf 'provider_installation {\n  filesystem_mirror { path = "%s" }\n}\ndisable_checkpoint = true\n' "$work/mirror" > "$work/rc"
export TF_CLI_CONFIG_FILE=$work/rc TF_IN_AUTOMATION=1 CHECKPOINT_DISABLE=1
stacks=("${@:2}")
[ "${#stacks[@]}" -gt 0 ] || stacks=(shop depot)

# stack NAME: its code in a folder of its own
stack() {
    cp -r "$here/../stacks/$1" "$work/$1"
    cd "$work/$1"
    run terraform init -no-color
}

# run COMMAND...: quiet unless it fails
run() {
    "$@" > "$work/log" 2>&1 || { cat "$work/log" >&2; return 1; }
}

# plan NAME ARGS...: the plan as JSON, made at one moment
plan() {
    local name=$1
    shift
    terraform plan -no-color -input=false -out "$work/tfplan" "$@" > "$work/log" 2>&1 ||
        [ -s "$work/tfplan" ] || { cat "$work/log" >&2; return 1; }
    terraform show -json "$work/tfplan" |
        sed -E 's/"timestamp":"[^"]*"/"timestamp":"2026-01-15T09:00:00Z"/' > "$out/$name.plan.json"
}

make_shop() {
    export TF_VAR_environment=production TF_VAR_db_password=CANARY-shop-database
    stack shop
    plan create
    run terraform apply -no-color -auto-approve -input=false
    cp terraform.tfstate "$out/applied.tfstate"
    terraform show -json > "$out/applied.state.json"
    plan unchanged
    terraform graph > "$here/../stacks/shop/configuration.graph.dot"
    plan queue-off -var queue=false
    plan example -var queue=false -var db_user=shop_app -var lb_name=shop-web -var replicas=1
    plan destroy -destroy
    plan target -target=aws_db_instance.main -var db_backup_days=1
    plan replace-db -replace=aws_db_instance.main
    cp terraform.tfstate "$work/kept.tfstate"
    terraform taint -no-color aws_db_instance.main > "$work/log"
    plan tainted
    terraform show -json > "$out/tainted.state.json"
    cp "$work/kept.tfstate" terraform.tfstate
    sed -i '/^module "jobs"/,/^}/d; s/^  queue_env = .*/  queue_env = []/' main.tf
    plan code-removed
    printf 'removed {\n  from = module.jobs\n  lifecycle { destroy = false }\n}\n' >> main.tf
    plan forget
    cp "$here/../stacks/shop/main.tf" main.tf
    SCHEMAPROV_FAIL_PLAN=aws_lb plan errored -var lb_name=other
    unset TF_VAR_environment TF_VAR_db_password
}

make_depot() {
    stack depot
    # What the data source reads: a state of somebody else.
    printf '{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"other","outputs":{"name":{"value":"other","type":"string"}},"resources":[]}' > other.tfstate
    plan depot-create
    run terraform apply -no-color -auto-approve -input=false
    terraform show -json > "$out/depot-applied.state.json"
    plan depot-unchanged
    plan depot-changed -var stage=1
    terraform graph > "$here/../stacks/depot/configuration.graph.dot"
    # The certificate is made anew, the old one cannot be destroyed: it stays as a deposed object.
    sed -i 's/depot\.example/depot.test/' modules/edge/main.tf
    SCHEMAPROV_FAIL_DESTROY=aws_acm_certificate terraform apply -no-color -auto-approve -input=false > "$work/log" 2>&1 || true
    plan depot-deposed
}

for name in "${stacks[@]}"; do
    "make_$name"
done
