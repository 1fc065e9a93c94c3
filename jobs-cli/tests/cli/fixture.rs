//! A folder with a store, in which the tests run the programs.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::Arc;

use jobs::store::{Claim, Decision, ErrorRecord, NewJob, ProcessId, Store, connect};
use jobs::{Due, JobId, Timestamp};
use serde_json::Value;

pub(crate) struct TestDir {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) store: Arc<dyn Store>,
}

impl TestDir {
    /// An empty store in a new folder.
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = connect(&format!("sqlite:{}/jobs.db", folder.path().display())).await.unwrap();
        Self { folder, store }
    }

    /// A store with two failed jobs, a scheduled one and a ready one. They are in the queue `mail`, but the last is in
    /// `default`.
    pub(crate) async fn filled() -> Self {
        let dir = Self::new().await;
        dir.fail(1, "shop::Bounced", "no such address").await;
        dir.fail(2, "shop::Refused", "connection refused").await;
        dir.enqueue(3, |job| job.due = Due::At(Timestamp::from_micros(4_102_444_800_000_000))).await;
        dir.enqueue(4, |job| job.queue = "default".into()).await;
        dir
    }

    /// Writes a file in the folder.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) async fn enqueue(&self, number: u8, change: impl FnOnce(&mut NewJob)) -> JobId {
        let arguments = format!(r#"{{"address":"secret-{number}@example.com","subject":"Hello"}}"#);
        let mut job = NewJob::new(id(number), "send_mail", arguments);
        job.queue = "mail".into();
        change(&mut job);
        let _stored = self.store.enqueue(&[job]).await.unwrap();
        id(number)
    }

    pub(crate) async fn fail(&self, number: u8, class: &str, message: &str) {
        self.end(number, class, message, |error| Decision::Fail { error, meta: None }).await;
    }

    /// A job that failed once and waits for its next attempt.
    pub(crate) async fn retry_later(&self, number: u8, class: &str, message: &str) {
        let wait = std::time::Duration::from_secs(3600);
        let retry = |error| Decision::Retry { wait, queue: None, priority: None, meta: None, error };
        self.end(number, class, message, retry).await;
    }

    async fn end(&self, number: u8, class: &str, message: &str, decision: impl Fn(ErrorRecord) -> Decision) {
        self.enqueue(number, |_| {}).await;
        let claimed = self.store.claim(&Claim::all(ProcessId::new(1), 1)).await.unwrap();
        let mut error = ErrorRecord::new(class, message);
        error.attempt = 1;
        let failed = claimed.into_iter().map(|it| it.settle(decision(error.clone())));
        let _settled = self.store.settle(&failed.collect::<Vec<_>>()).await.unwrap();
    }

    pub(crate) async fn state(&self, number: u8) -> &'static str {
        self.store.inspect().unwrap().find(id(number)).await.unwrap().unwrap().state.as_str()
    }

    /// Runs the program without jobs.
    pub(crate) fn jobs(&self, args: &[&str]) -> CommandOutput {
        self.run(env!("CARGO_BIN_EXE_jobs").into(), args)
    }

    /// Runs the program with jobs.
    pub(crate) fn shop(&self, args: &[&str]) -> CommandOutput {
        assert!(shop().exists(), "`cargo test -p jobs-cli` builds the example; with `--test` add `--examples`");
        self.run(shop(), args)
    }

    pub(crate) fn command(&self, program: PathBuf, args: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(args).current_dir(self.folder.path()).env("JOBS_URL", "sqlite:jobs.db").env("JOBS_LOG", "off");
        let ruby_variables = ["APP_ENV", "RAILS_ENV", "RACK_ENV", "RAILS_MAX_THREADS"];
        for variable in ["JOBS_ENV", "JOBS_CONFIG", "JOBS_TIME_ZONE", "NO_COLOR", "CLICOLOR_FORCE"]
            .into_iter()
            .chain(ruby_variables)
        {
            command.env_remove(variable);
        }
        command
    }

    fn run(&self, program: PathBuf, args: &[&str]) -> CommandOutput {
        CommandOutput::new(self.command(program, args).output().unwrap())
    }
}

/// The path of the example `shop`.
pub(crate) fn shop() -> PathBuf {
    example("shop")
}

/// The path of an example, which cargo builds with the tests.
pub(crate) fn example(name: &str) -> PathBuf {
    let binary = PathBuf::from(env!("CARGO_BIN_EXE_jobs"));
    binary.parent().unwrap().join("examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

pub(crate) fn id(number: u8) -> JobId {
    let mut bytes = [0; 16];
    bytes[15] = number;
    JobId::from_bytes(bytes)
}

/// The output of a program, and its exit status.
#[derive(Debug)]
pub(crate) struct CommandOutput {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl CommandOutput {
    pub(crate) fn new(output: Output) -> Self {
        Self {
            status: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The standard output of a program that succeeded without warnings.
    #[track_caller]
    pub(crate) fn done(self) -> String {
        assert_eq!((self.status, self.err.as_str()), (0, ""), "{}", self.out);
        self.out
    }

    /// The standard error of a program that failed with this exit status.
    #[track_caller]
    pub(crate) fn refused(self, status: i32) -> String {
        assert_eq!((self.status, self.out.as_str()), (status, ""), "{}", self.err);
        self.err
    }

    #[track_caller]
    pub(crate) fn json(self) -> Value {
        serde_json::from_str(&self.done()).unwrap()
    }
}
