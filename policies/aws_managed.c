/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/aws_managed.h"

#include "policies/glob.h"

#include <string.h>

struct tfr_aws_managed {
    const char *name;     /* behind policy/ */
    const char *services; /* what the row tells of, with spaces around; NULL: all that it allows */
    const char *actions[24];
};

#define LOG_ACTIONS "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"
#define PULL_ACTIONS                                                                              \
    "ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", \
        "ecr:BatchGetImage"
#define READ_ACTIONS "ecr:GetRepositoryPolicy", "ecr:Describe*", "ecr:List*"

/* Sorted by nothing but how often they are met; forty rows are quicker looked through than sorted.
 */
static const struct tfr_aws_managed table[] = {
    { "service-role/AmazonECSTaskExecutionRolePolicy",
      NULL,
      { PULL_ACTIONS, "logs:CreateLogStream", "logs:PutLogEvents" } },
    { "service-role/AWSLambdaBasicExecutionRole", NULL, { LOG_ACTIONS } },
    { "service-role/AWSLambdaVPCAccessExecutionRole",
      NULL,
      { LOG_ACTIONS, "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets", "ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses",
        "ec2:UnassignPrivateIpAddresses" } },
    { "service-role/AWSLambdaSQSQueueExecutionRole",
      NULL,
      { LOG_ACTIONS, "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes" } },
    { "service-role/AWSLambdaKinesisExecutionRole",
      NULL,
      { LOG_ACTIONS, "kinesis:Describe*", "kinesis:GetRecords", "kinesis:GetShardIterator",
        "kinesis:List*", "kinesis:SubscribeToShard" } },
    { "service-role/AWSLambdaDynamoDBExecutionRole",
      NULL,
      { LOG_ACTIONS, "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator",
        "dynamodb:ListStreams" } },
    { "AWSLambdaExecute", NULL, { "logs:*", "s3:GetObject", "s3:PutObject" } },
    { "AWSXRayDaemonWriteAccess", NULL, { "xray:*" } },
    { "AWSXrayWriteOnlyAccess", NULL, { "xray:*" } },
    { "AmazonS3FullAccess", NULL, { "s3:*", "s3-object-lambda:*" } },
    { "AmazonS3ReadOnlyAccess",
      NULL,
      { "s3:Get*", "s3:List*", "s3:Describe*", "s3-object-lambda:Get*",
        "s3-object-lambda:List*" } },
    { "AmazonSQSFullAccess", NULL, { "sqs:*" } },
    { "AmazonSQSReadOnlyAccess",
      NULL,
      { "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:List*" } },
    { "AmazonSNSFullAccess", " sns ", { "sns:*" } },
    { "AmazonDynamoDBFullAccess",
      " dynamodb s3 sqs sns secretsmanager kinesis ",
      { "dynamodb:*", "dax:*", "kinesis:ListStreams", "kinesis:DescribeStream" } },
    { "AmazonDynamoDBReadOnlyAccess",
      " dynamodb s3 sqs secretsmanager ",
      { "dynamodb:BatchGetItem", "dynamodb:Describe*", "dynamodb:List*", "dynamodb:GetItem",
        "dynamodb:Query", "dynamodb:Scan", "dynamodb:PartiQLSelect" } },
    { "AmazonKinesisFullAccess", NULL, { "kinesis:*" } },
    { "SecretsManagerReadWrite", " secretsmanager s3 sqs ecr ", { "secretsmanager:*" } },
    { "AmazonSSMReadOnlyAccess", NULL, { "ssm:Describe*", "ssm:Get*", "ssm:List*" } },
    { "AmazonSSMFullAccess",
      " ssm s3 sqs ecr secretsmanager ",
      { "ssm:*", "logs:*", "cloudwatch:PutMetricData", "ec2:DescribeInstanceStatus" } },
    { "AmazonSSMManagedInstanceCore",
      NULL,
      { "ssm:DescribeAssociation", "ssm:GetDeployablePatchSnapshotForInstance", "ssm:GetDocument",
        "ssm:DescribeDocument", "ssm:GetManifest", "ssm:GetParameter", "ssm:GetParameters",
        "ssm:List*", "ssm:Put*", "ssm:Update*", "ssmmessages:*", "ec2messages:*" } },
    { "CloudWatchAgentServerPolicy",
      " logs s3 sqs ecr secretsmanager ",
      { "cloudwatch:PutMetricData", "logs:PutLogEvents", "logs:PutRetentionPolicy",
        "logs:DescribeLogStreams", "logs:DescribeLogGroups", "logs:CreateLogStream",
        "logs:CreateLogGroup", "ssm:GetParameter" } },
    { "CloudWatchLogsFullAccess", " logs s3 sqs ecr secretsmanager ssm ", { "logs:*" } },
    { "CloudWatchFullAccess",
      " logs s3 sqs ecr secretsmanager ssm ",
      { "logs:*", "cloudwatch:*", "sns:*" } },
    { "AmazonEC2ContainerRegistryReadOnly", NULL, { PULL_ACTIONS, READ_ACTIONS } },
    { "AmazonEC2ContainerRegistryPullOnly",
      NULL,
      { PULL_ACTIONS, "ecr:BatchImportUpstreamImage" } },
    { "AmazonEC2ContainerRegistryPowerUser",
      NULL,
      { PULL_ACTIONS, READ_ACTIONS, "ecr:InitiateLayerUpload", "ecr:UploadLayerPart",
        "ecr:CompleteLayerUpload", "ecr:PutImage" } },
    { "AmazonEC2ContainerRegistryFullAccess", " ecr logs s3 sqs secretsmanager ssm ", { "ecr:*" } },
    { "service-role/AmazonEC2ContainerServiceforEC2Role",
      " ecr logs s3 sqs secretsmanager ssm kms ",
      { PULL_ACTIONS, "ecs:*", "logs:CreateLogStream", "logs:PutLogEvents" } },
    { "service-role/AmazonRDSEnhancedMonitoringRole",
      NULL,
      { "logs:CreateLogGroup", "logs:PutRetentionPolicy", "logs:CreateLogStream",
        "logs:PutLogEvents", "logs:DescribeLogStreams", "logs:GetLogEvents" } },
    { "AmazonSESFullAccess", NULL, { "ses:*" } },
    { "ReadOnlyAccess",
      " s3 dynamodb ",
      { "s3:Get*", "s3:List*", "s3:Describe*", "dynamodb:BatchGet*", "dynamodb:Describe*",
        "dynamodb:Get*", "dynamodb:List*", "dynamodb:Query", "dynamodb:Scan" } },
    { "AdministratorAccess", NULL, { "*" } },
};

/* Everything but the administration of the account. */
static bool is_power(const char *action)
{
    return !tfr_glob_action("iam:*", action) && !tfr_glob_action("organizations:*", action) &&
           !tfr_glob_action("account:*", action);
}

static const char *name_of(const char *arn)
{
    const char *name = strstr(arn, ":iam::aws:policy/");

    return strncmp(arn, "arn:", 4) == 0 && name != NULL ? name + strlen(":iam::aws:policy/") : NULL;
}

/* Policies that no list of actions tells of. */
static const struct tfr_aws_managed power = { "PowerUserAccess", NULL, { NULL } };
static const struct tfr_aws_managed other = { "", NULL, { NULL } };

const struct tfr_aws_managed *tfr_aws_managed_find(const char *arn)
{
    const char *name = name_of(arn);

    if (name == NULL)
        return NULL;
    if (strcmp(name, power.name) == 0)
        return &power;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    }
    return &other;
}

static bool tells_of(const struct tfr_aws_managed *row, const char *action)
{
    const size_t len = strcspn(action, ":");
    char word[32] = " ";

    if (row->services == NULL)
        return true;
    if (len + 3 > sizeof word)
        return false;
    memcpy(word + 1, action, len);
    memcpy(word + 1 + len, " ", 2);
    return strstr(row->services, word) != NULL;
}

enum tfr_truth_value tfr_aws_managed_allows(const struct tfr_aws_managed *policy,
                                            const char *action)
{
    if (policy == &power)
        return is_power(action) ? TFR_YES : TFR_NO;
    if (policy == &other)
        return TFR_MAYBE;
    for (const char *const *at = policy->actions; *at != NULL; at++) {
        if (tfr_glob_action(*at, action))
            return TFR_YES;
    }
    return tells_of(policy, action) ? TFR_NO : TFR_MAYBE;
}
