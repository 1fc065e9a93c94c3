//! Genuine Sidekiq of a Debian release, in a tree that `bin/ruby` made.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use jobs_testing::skip;

use crate::redis_db::Db;

/// The folder with the trees.
const TREES: &str = "JOBS_TEST_RUBY";

/// The programs that the trees get.
const PROGRAMS: [(&str, &str); 4] = [
    ("jobs.rb", include_str!("ruby/jobs.rb")),
    ("enqueue.rb", include_str!("ruby/enqueue.rb")),
    ("latency.rb", include_str!("ruby/latency.rb")),
    ("web.rb", include_str!("ruby/web.rb")),
];

/// Sidekiq reads its memory in /proc for each heartbeat; the tree gets one that only this process sees, where the system
/// allows it.
const ENTER: &str = r#"
  if unshare -m true 2>/dev/null; then
    exec unshare -m sh -c 'mount -t proc proc "$1/proc" 2>/dev/null; exec chroot "$@"' sh "$@"
  fi
  exec chroot "$@"
"#;

/// The tree of a release, with two databases for one test.
pub(crate) struct Tree {
    folder: PathBuf,
    /// Below the root of the tree.
    programs: String,
    pub(crate) db: Db,
}

impl Tree {
    /// If there is no such tree, or no Redis, the test is recorded as skipped.
    pub(crate) async fn of(release: &str) -> Option<Self> {
        let trees = std::env::var_os(TREES).filter(|trees| !trees.is_empty());
        let folder = trees.map(|trees| PathBuf::from(trees).join(release)).filter(|folder| folder.is_dir());
        let Some(folder) = folder else {
            skip(&format!(
                "{TREES} names no folder with a tree of Debian {release}; `bin/ruby tree {release}` makes one"
            ));
            return None;
        };
        let Some(db) = Db::new().await else {
            skip("JOBS_TEST_REDIS names no Redis server; `bin/redis start` starts one");
            return None;
        };
        let programs = format!("/app/{}", db.sidekiq.rsplit('/').next().unwrap());
        let tree = Self { folder, programs, db };
        std::fs::create_dir_all(tree.outside()).unwrap();
        for (name, text) in PROGRAMS {
            std::fs::write(tree.outside().join(name), text).unwrap();
        }
        Some(tree)
    }

    fn outside(&self) -> PathBuf {
        self.folder.join(self.programs.trim_start_matches('/'))
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", ENTER, "sh"]).arg(&self.folder).args([
            "/usr/bin/env",
            "-i",
            "PATH=/usr/bin:/bin",
            "HOME=/root",
            "LANG=C.UTF-8",
        ]);
        command.args([format!("REDIS_URL={}", self.db.sidekiq), format!("LEDGER_URL={}", self.db.ledger)]);
        command.arg(program).args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    fn path(&self, program: &str) -> String {
        format!("{}/{program}", self.programs)
    }

    /// Runs a program until it ends, with success.
    pub(crate) fn run(&self, program: &str, arguments: &[&str]) {
        self.output(program, arguments);
    }

    /// The same; what it printed.
    pub(crate) fn output(&self, program: &str, arguments: &[&str]) -> String {
        let path = self.path(program);
        let mut command = self.command("ruby", &[&[path.as_str()], arguments].concat());
        let output = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Starts Sidekiq for the queue `ruby`.
    pub(crate) fn sidekiq(&self) -> Running {
        let path = self.path("jobs.rb");
        Running(self.command("sidekiq", &["-r", &path, "-q", "ruby", "-c", "4", "-t", "5"]).spawn().unwrap())
    }

    /// Writes a file beside the programs.
    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.outside().join(name), text).unwrap();
    }

    /// Reads a file beside the programs.
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.outside().join(name)).unwrap()
    }

    /// Starts Sidekiq with this program for this queue; what it prints is in `sidekiq.log`.
    pub(crate) fn sidekiq_of(&self, program: &str, queue: &str) -> Running {
        let log = std::fs::File::create(self.outside().join("sidekiq.log")).unwrap();
        let mut command = self.command("sidekiq", &["-r", &self.path(program), "-q", queue]);
        Running(command.stdout(log).spawn().unwrap())
    }

    /// Starts Sidekiq's pages on this port.
    pub(crate) fn pages(&self, port: u16) -> Running {
        Running(self.command("ruby", &[&self.path("web.rb"), &port.to_string()]).spawn().unwrap())
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        // Only files that this test wrote.
        let _removed = std::fs::remove_dir_all(self.outside());
    }
}

/// A process that is killed when it is dropped.
pub(crate) struct Running(pub(crate) Child);

impl Running {
    /// Asks it to stop, and waits until it has.
    pub(crate) fn stop(mut self) {
        let sent = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status().unwrap();
        assert!(sent.success(), "the process is there to get the signal");
        let _status = self.0.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _gone = self.0.kill();
        let _status = self.0.wait();
    }
}
