# SPDX-License-Identifier: Apache-2.0
package main

import rego.v1

after contains change if {
	some change in input.resource_changes
	change.mode == "managed"
	change.change.after != null
}

deny contains msg if {
	some change in after
	change.type == "aws_db_instance"
	not change.change.after.storage_encrypted
	msg := sprintf("%s: the database is not encrypted", [change.address])
}

deny contains msg if {
	some change in after
	change.type == "aws_db_instance"
	change.change.after.publicly_accessible
	msg := sprintf("%s: the database is public", [change.address])
}

deny contains msg if {
	some change in after
	change.type == "aws_sqs_queue"
	change.change.after.kms_master_key_id == ""
	msg := sprintf("%s: the queue is not encrypted", [change.address])
}

deny contains msg if {
	some change in after
	change.type == "aws_s3_bucket_public_access_block"
	not change.change.after.block_public_acls
	msg := sprintf("%s: public ACLs are allowed", [change.address])
}

deny contains msg if {
	some change in input.resource_changes
	"delete" in change.change.actions
	change.type in {"aws_db_instance", "aws_dynamodb_table", "aws_s3_bucket"}
	msg := sprintf("%s: data is deleted", [change.address])
}
