import { INVENTORY_VERSION } from './input/calls';

/*
 * The script that reads what there is.
 *
 * It is POSIX sh and needs the AWS CLI, version 1 or 2, and nothing else: no jq. It only lists, gets and describes. Each answer is printed as it came, page by
 * page, and each call that was refused with its error, so that whoever may not read everything still gets the rest.
 *
 * Pages are asked for by the script: of most operations of License Manager the AWS CLI knows no pages.
 */

/** A shell script that reads the licenses of an account and a Region, and prints one JSON document. */
export const INVENTORY_SCRIPT = String.raw`#!/bin/sh
# Reads what AWS License Manager has in an account and a Region, with the AWS CLI, and prints it as one JSON document for
# 'npx cdk-license-manager adopt'. It changes nothing: every call is a list, a get or a describe.
#
#   sh inventory.sh > inventory.json                     the account and the Region that the AWS CLI is set up for
#   AWS_PROFILE=licenses AWS_REGION=eu-central-1 sh inventory.sh > inventory.json
#
# What it may not read, it says in the document, and goes on. All that it reads:
#
#   license-manager:List*, license-manager:Get*      licenses, rulesets, groups, reports, grants; of tokens what they are for, no token
#   ram:GetResourceShares, ram:List*                 with whom licenses are shared
#   resource-groups:ListGroups, :GetGroup*, :GetTags, :ListGroupResources      host resource groups
#   ec2:DescribeImages, :DescribeInstances, :DescribeHosts                     whether what a license is on is still there
#   sts:GetCallerIdentity                            the account
#
# The managed policy ReadOnlyAccess permits it.
set -u
export AWS_PAGER='' AWS_DEFAULT_OUTPUT=json LC_ALL=C
# Empty, they would be the name of a profile.
[ -n "${'$'}{AWS_PROFILE:-}" ] || unset AWS_PROFILE
[ -n "${'$'}{AWS_DEFAULT_PROFILE:-}" ] || unset AWS_DEFAULT_PROFILE

region=${'$'}{AWS_REGION:-${'$'}{AWS_DEFAULT_REGION:-$(aws configure get region)}}
if [ -z "$region" ]; then
  echo "No Region is set: put it before the command, as in AWS_REGION=eu-central-1 sh inventory.sh" >&2
  exit 1
fi
export AWS_REGION="$region" AWS_DEFAULT_REGION="$region"

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

separator=''
failed=0

# A text as JSON. Arguments: the text
quoted() {
  printf '"%s"' "$(printf '%s' "$1" | tr '\t\n\r' '   ' | tr -d '\000-\037' | sed 's/\\/\\\\/g; s/"/\\"/g')"
}

# Calls an operation until it has no more pages, and prints each answer. Arguments: what it is about, or '', the name of the token's option, the service,
# the operation, and its options
read_pages() {
  of=$1
  option=$2
  shift 2
  token=''
  while :; do
    if [ -n "$token" ]; then
      aws "$@" --no-paginate "--$option=$token" > "$work/output" 2> "$work/error"
    else
      aws "$@" --no-paginate > "$work/output" 2> "$work/error"
    fi
    status=$?
    printf '%s{"operation": "%s"' "$separator" "$2"
    separator=',
  '
    if [ -n "$of" ]; then
      printf ', "of": '
      quoted "$of"
    fi
    if [ "$status" -ne 0 ]; then
      failed=$((failed + 1))
      printf ', "error": '
      quoted "$(cat "$work/error")"
      printf '}'
      : > "$work/output"
      return 0
    fi
    if [ ! -s "$work/output" ]; then
      echo '{}' > "$work/output"
    fi
    printf ', "output": '
    cat "$work/output"
    printf '}'
    # On a line of its own, at the outermost level.
    token=$(sed -n 's/^    "[nN]extToken": "\(.*\)",\{0,1\}$/\1/p' "$work/output")
    if [ -z "$token" ]; then
      return 0
    fi
  done
}

license_manager() {
  of=$1
  shift
  read_pages "$of" next-token license-manager "$@"
}

# The values of a member in the answers that were printed into a file, each once. Arguments: the file, the member
values_of() {
  sed -n "s/^ *\"$2\": \"\([^\"]*\)\",\{0,1\}$/\1/p" "$1" | sort -u
}

# Reads a list, keeps what it printed, and prints it. Arguments: the name to keep it by, and a command
kept() {
  keep=$work/$1
  shift
  "$@" > "$keep"
  cat "$keep"
  # What the command has set, it has set in this shell.
}

printf '{\n"cdk-license-manager-inventory": ${INVENTORY_VERSION},\n"region": '
quoted "$region"
printf ',\n"calls": [\n  '

read_pages '' starting-token sts get-caller-identity
if [ "$failed" -ne 0 ]; then
  cat "$work/error" >&2
  echo "The AWS CLI could not tell the account: see its message above. Nothing was read." >&2
  printf '\n]}\n'
  exit 1
fi

kept licenses license_manager '' list-license-configurations
for arn in $(values_of "$work/licenses" LicenseConfigurationArn); do
  license_manager "$arn" get-license-configuration --license-configuration-arn "$arn"
  license_manager "$arn" list-associations-for-license-configuration --license-configuration-arn "$arn" > "$work/associations"
  cat "$work/associations" | tee -a "$work/resources"
done

kept rulesets license_manager '' list-license-asset-rulesets --no-show-aws-managed-license-asset-rulesets
for arn in $(values_of "$work/rulesets" LicenseAssetRulesetArn); do
  license_manager "$arn" list-tags-for-resource --resource-arn "$arn"
done

kept groups license_manager '' list-license-asset-groups
for arn in $(values_of "$work/groups" LicenseAssetGroupArn); do
  license_manager "$arn" list-tags-for-resource --resource-arn "$arn"
done

kept reports license_manager '' list-license-manager-report-generators
for arn in $(values_of "$work/reports" LicenseManagerReportGeneratorArn); do
  license_manager "$arn" list-tags-for-resource --resource-arn "$arn"
done

kept issued license_manager '' list-licenses
for arn in $(values_of "$work/issued" LicenseArn); do
  license_manager "$arn" list-tags-for-resource --resource-arn "$arn"
done
kept grants license_manager '' list-distributed-grants
for arn in $(values_of "$work/grants" GrantArn); do
  license_manager "$arn" list-tags-for-resource --resource-arn "$arn"
done
license_manager '' list-received-grants
license_manager '' list-tokens

kept shares read_pages '' next-token ram get-resource-shares --resource-owner SELF --resource-share-status ACTIVE
read_pages '' next-token ram list-resources --resource-owner SELF
read_pages '' next-token ram list-principals --resource-owner SELF
for arn in $(values_of "$work/shares" resourceShareArn); do
  read_pages "$arn" next-token ram list-resource-share-permissions --resource-share-arn "$arn"
done

kept hosts read_pages '' next-token resource-groups list-groups --filters Name=configuration-type,Values=AWS::EC2::HostManagement
for arn in $(values_of "$work/hosts" GroupArn); do
  name=${'$'}{arn##*/}
  read_pages "$name" next-token resource-groups get-group --group-name "$name"
  read_pages "$name" next-token resource-groups get-group-configuration --group "$name"
  read_pages "$name" next-token resource-groups list-group-resources --group-name "$name"
  read_pages "$arn" next-token resource-groups get-tags --arn "$arn"
done

# Whether what licenses are on is still there. By filters, not by ids: an id of something that is gone would be an error.
describe() {
  operation=$1
  filter=$2
  option=$3
  ids=''
  count=0
  while read -r id; do
    ids=$ids,$id
    count=$((count + 1))
    if [ "$count" -eq 100 ]; then
      read_pages '' next-token ec2 "$operation" --filters "Name=$filter,Values=${'$'}{ids#,}" $option
      ids=''
      count=0
    fi
  done < "$work/ids"
  if [ "$count" -gt 0 ]; then
    read_pages '' next-token ec2 "$operation" --filters "Name=$filter,Values=${'$'}{ids#,}" $option
  fi
}
: >> "$work/resources"
values_of "$work/resources" ResourceArn | sed -n 's/^.*:image\/\(ami-[0-9a-zA-Z]*\)$/\1/p' > "$work/ids"
describe describe-images image-id --include-deprecated
values_of "$work/resources" ResourceArn | sed -n 's/^.*:instance\/\(i-[0-9a-zA-Z]*\)$/\1/p' > "$work/ids"
describe describe-instances instance-id ''
read_pages '' next-token ec2 describe-hosts

printf '\n]}\n'
if [ "$failed" -ne 0 ]; then
  echo "$failed calls were refused: the document says which, and adopt says so in its comments." >&2
fi
`;
