Feature: the same five questions
  Scenario: databases are encrypted
    Given I have aws_db_instance defined
    Then it must have storage_encrypted
    And its value must be true

  Scenario: databases are not public
    Given I have aws_db_instance defined
    Then it must have publicly_accessible
    And its value must be false

  Scenario: queues are encrypted
    Given I have aws_sqs_queue defined
    Then it must have kms_master_key_id

  Scenario: buckets block public ACLs
    Given I have aws_s3_bucket_public_access_block defined
    Then it must have block_public_acls
    And its value must be true

  Scenario: tables can be restored
    Given I have aws_dynamodb_table defined
    Then it must have point_in_time_recovery
