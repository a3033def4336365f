using Amazon.CDK;
using DigestStore.Cdk;

// `cdk deploy` passes its own folder; with an argument, the templates are written there.
var app = new App(new AppProps { Outdir = args.FirstOrDefault() });
_ = new DigestTableStack(app, "DigestStore");
app.Synth();
