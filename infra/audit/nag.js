// usage: node nag.js TEMPLATE.json → what the packs of cdk-nag say of each resource, as JSON on standard output.
const { App, Stack } = require("aws-cdk-lib");
const { CfnInclude } = require("aws-cdk-lib/cloudformation-include");
const { AwsSolutionsChecks, HIPAASecurityChecks, ServerlessChecks } = require("cdk-nag");
const { mkdtempSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

const said = [];
const tell = (passed) => (data) =>
  said.push({
    pack: data.nagPackName,
    rule: data.ruleId,
    resource: data.resource.stack.resolve(data.resource.logicalId) ?? data.resource.node.id,
    passed,
    why: data.ruleInfo ?? "",
  });
const listener = {
  onCompliance: tell(true),
  onNonCompliance: tell(false),
  // A rule that fails to judge has not judged well of it.
  onError: tell(false),
  onSuppressed: tell(false),
  onSuppressedError: tell(false),
  onNotApplicable: () => {},
};

const app = new App({ analyticsReporting: false, outdir: mkdtempSync(join(tmpdir(), "nag-")) });
const stack = new Stack(app, "Template");
new CfnInclude(stack, "Included", { templateFile: process.argv[2], allowCyclicalReferences: true });
// The packs write what they find to the console too.
console.warn = console.error = () => {};
for (const Pack of [HIPAASecurityChecks, AwsSolutionsChecks, ServerlessChecks]) {
  const pack = new Pack({ additionalLoggers: [listener], reports: false });
  stack.node.findAll().forEach((each) => pack.visit(each));
}
process.stdout.write(JSON.stringify(said));
