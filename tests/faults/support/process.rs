//! A worker process that the test controls.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use crate::support::worker::{ORDERS, Orders};

/// Only a deadline: nothing takes that long.
const DEADLINE: Duration = Duration::from_secs(30);

/// Killed when it is dropped.
pub(crate) struct Process {
    child: Child,
    said: Arc<Said>,
}

#[derive(Default)]
struct Said {
    lines: Mutex<Vec<String>>,
    /// Rung after each line; whether more may come.
    bell: watch::Sender<bool>,
}

impl Process {
    pub(crate) fn start(orders: &Orders) -> Self {
        Self::start_with(orders, "")
    }

    /// Dies at this named point of the store.
    pub(crate) fn start_with(orders: &Orders, point: &str) -> Self {
        // A signal that says that a file is too large would end the process; the error is what is tested.
        let script = "trap '' XFSZ; exec \"$0\" support::worker::child --exact --nocapture";
        let threads = orders.tokio_threads.map(|threads| ("TOKIO_WORKER_THREADS", threads.to_string()));
        let mut child = Command::new("sh")
            .args(["-c", script])
            .arg(std::env::current_exe().unwrap())
            .env(ORDERS, serde_json::to_string(orders).unwrap())
            .env("JOBS_SQLITE_FAULT", point)
            .envs(threads)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let said = Arc::new(Said { bell: watch::Sender::new(true), ..Said::default() });
        let (out, hearing) = (BufReader::new(child.stdout.take().unwrap()), said.clone());
        std::thread::spawn(move || hearing.receive(out));
        Self { child, said }
    }

    /// Waits until it has printed this many lines with this beginning.
    pub(crate) async fn says(&self, times: usize, words: &str) {
        let received = async {
            let mut bell = self.said.bell.subscribe();
            loop {
                // Marked as seen before reading, so that a line in between notifies again.
                let goes_on = *bell.borrow_and_update();
                if self.said.count(words) >= times {
                    return;
                }
                assert!(goes_on, "it ended without a word of {words}: {}", self.said.all());
                // The sender lives as long as the process.
                let _rung = bell.changed().await;
            }
        };
        let waited = timeout(DEADLINE, received).await;
        assert!(waited.is_ok(), "it never said {words} {times} times: {}", self.said.all());
    }

    pub(crate) fn has_said(&self, words: &str) -> bool {
        self.said.count(words) > 0
    }

    /// Kills it, and returns all its lines with this beginning.
    pub(crate) async fn killed(mut self, words: &str) -> Vec<String> {
        self.signal("KILL");
        let _status = self.ended().await;
        let received = async {
            let mut bell = self.said.bell.subscribe();
            while *bell.borrow_and_update() {
                // The sender lives as long as the process.
                let _rung = bell.changed().await;
            }
        };
        assert!(timeout(DEADLINE, received).await.is_ok(), "its pipe never closed");
        let lines = self.said.lines.lock().unwrap();
        lines.iter().filter(|line| line.starts_with(words)).cloned().collect()
    }

    /// Sends a signal, as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([format!("-{name}"), self.child.id().to_string()]).status();
        assert!(sent.unwrap().success(), "the process is there to get the signal");
    }

    /// Lets the files it writes grow only to so many bytes.
    pub(crate) fn limit_files(&self, bytes: &str) {
        let limit = format!("--fsize={bytes}:unlimited");
        let set = Command::new("prlimit").args(["--pid", &self.child.id().to_string(), &limit]).status();
        assert!(set.unwrap().success(), "the limit is set");
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn is_alive(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits until it has ended.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        let mut ticks = tokio::time::interval(Duration::from_millis(2));
        let ended = async {
            loop {
                if let Some(status) = self.child.try_wait().unwrap() {
                    return status;
                }
                ticks.tick().await;
            }
        };
        let waited = timeout(DEADLINE, ended).await;
        waited.unwrap_or_else(|_| panic!("it never ended: {}", self.said.all()))
    }

    /// Waits until it has ended with success.
    pub(crate) async fn succeeds(&mut self) {
        let status = self.ended().await;
        assert!(status.success(), "{status}: {}", self.said.all());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _gone = self.child.kill();
        let _status = self.child.wait();
    }
}

impl Said {
    fn receive(&self, out: impl BufRead) {
        for line in out.lines().map_while(Result::ok) {
            self.lines.lock().unwrap().push(line);
            self.bell.send_replace(true);
        }
        self.bell.send_replace(false);
    }

    fn count(&self, words: &str) -> usize {
        self.lines.lock().unwrap().iter().filter(|line| line.starts_with(words)).count()
    }

    fn all(&self) -> String {
        self.lines.lock().unwrap().join("\n")
    }
}
