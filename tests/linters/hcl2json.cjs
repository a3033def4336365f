// Prints a Terraform file as JSON.
//
//   NODE_PATH=…/node_modules node hcl2json.cjs FILE
const { readFileSync } = require('node:fs');
const { parse } = require('@cdktf/hcl2json');

parse(process.argv[2], readFileSync(process.argv[2], 'utf8')).then(
  parsed => process.stdout.write(JSON.stringify(parsed)),
  error => { console.error(error.message); process.exitCode = 1; });
