// Prints the findings of cdk-nag and of the CloudFormation validator on several templates as JSON: file name → list of { check, resource, message }.
//
//   NODE_PATH=…/node_modules node lint.cjs TEMPLATE...
//
// One process for all of them, since loading the rules takes longer than applying them.
const { createRequire } = require('node:module');
const path = require('node:path');
const { App, Stack } = require('aws-cdk-lib');
const { CfnInclude } = require('aws-cdk-lib/cloudformation-include');
const { AwsSolutionsChecks, NIST80053R5Checks } = require('cdk-nag');
const validator = createRequire(require.resolve('aws-cdk-lib/package.json'))('@aws/cloudformation-validate');

const engine = new validator.CompositeEngine();

function validate(file) {
  const template = new validator.TemplateFile(file);
  const report = engine.validateTemplate(template, { detailLevel: 'STANDARD', severityLevel: 'WARN' });
  return report.diagnostics.map(found => ({ check: `cfn-validate ${found.ruleId}`, resource: found.entity?.logicalId ?? '', message: found.message }));
}

function nag(file) {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const include = new CfnInclude(stack, 'Template', { templateFile: file });
  return [new AwsSolutionsChecks(), new NIST80053R5Checks()].flatMap(pack =>
    pack.validateScope(stack).violations.flatMap(violation =>
      violation.violatingResources.map(resource => ({
        check: `cdk-nag ${violation.ruleName}`,
        resource: path.posix.basename(resource.constructPath ?? resource.resourceLogicalId),
        message: violation.description,
      }))));
}

// A template that the CDK cannot read has a finding of its own, which names what is wrong with it.
function guarded(tool, lint, file) {
  try {
    return lint(file);
  } catch (error) {
    return [{ check: `${tool} unreadable`, resource: '', message: error.message }];
  }
}

const findings = Object.fromEntries(
  process.argv.slice(2).map(file => [path.basename(file), [...guarded('cfn-validate', validate, file), ...guarded('cdk-nag', nag, file)]]));
process.stdout.write(JSON.stringify(findings));
