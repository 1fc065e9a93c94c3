//! `dashboard`: it listens on this machine; other machines need a password.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, Stdio};

use crate::fixture::{CommandOutput, TestDir, id, shop};

pub(crate) struct DashboardProcess {
    child: Child,
    log: BufReader<ChildStderr>,
    address: String,
}

impl DashboardProcess {
    /// Starts the program without jobs, on a free port.
    fn start(dir: &TestDir, args: &[&str], password: Option<&str>) -> Self {
        Self::of(env!("CARGO_BIN_EXE_jobs").into(), dir, args, password)
    }

    fn of(program: PathBuf, dir: &TestDir, args: &[&str], password: Option<&str>) -> Self {
        let args = [&["dashboard", "--bind", "127.0.0.1:0"], args].concat();
        let mut command = dir.command(program, &args);
        command.env_remove("JOBS_DASHBOARD_PASSWORD").env_remove("JOBS_LOG").stderr(Stdio::piped());
        if let Some(password) = password {
            command.env("JOBS_DASHBOARD_PASSWORD", password);
        }
        Self::spawn(&mut command)
    }

    /// Starts this command, whose errors are piped.
    pub(crate) fn spawn(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        log.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("the dashboard is at http://").unwrap_or_else(|| panic!("{line}"));
        Self { address: address.to_owned(), child, log }
    }

    /// The response to a request with these headers.
    pub(crate) fn request(&self, method: &str, path: &str, headers: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let host = &self.address;
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n").unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        response
    }

    pub(crate) fn stop(mut self) -> bool {
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
        self.child.wait().unwrap().success()
    }
}

#[tokio::test]
async fn on_this_machine_the_dashboard_needs_no_password_and_stops_on_sigterm() {
    let dir = TestDir::filled().await;
    let served = DashboardProcess::start(&dir, &[], None);
    let page = served.request("GET", "/jobs?state=failed", "");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("send_mail"), "{page}");
    assert!(!page.contains("secret-1"), "arguments of unknown jobs are not shown");
    assert!(served.stop(), "the exit status is 0");
}

#[tokio::test]
async fn a_program_with_jobs_shows_their_arguments_without_secrets() {
    let dir = TestDir::filled().await;
    let served = DashboardProcess::of(shop(), &dir, &[], None);
    let page = served.request("GET", &format!("/jobs/{}", id(1)), "");
    assert!(page.contains("Hello") && !page.contains("secret-1"), "{page}");
    assert!(served.stop());
}

#[tokio::test]
async fn an_open_live_page_does_not_prevent_the_shutdown() {
    let dir = TestDir::new().await;
    let served = DashboardProcess::start(&dir, &[], None);
    let mut stream = TcpStream::connect(&served.address).unwrap();
    write!(stream, "GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut first = [0; 12];
    stream.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    assert!(served.stop(), "the exit status is 0");
}

#[tokio::test]
async fn a_password_in_the_environment_is_required() {
    let dir = TestDir::new().await;
    let served = DashboardProcess::start(&dir, &["--user", "ops"], Some("secret"));
    assert!(served.request("GET", "/", "").starts_with("HTTP/1.1 401"));
    let login = "Authorization: Basic b3BzOnNlY3JldA==\r\n"; // ops:secret
    assert!(served.request("GET", "/", login).starts_with("HTTP/1.1 200"));
    assert!(served.stop());
}

#[tokio::test]
async fn actions_and_wrong_passwords_are_logged() {
    let dir = TestDir::new().await;
    let mut served = DashboardProcess::start(&dir, &["--user", "ops"], Some("secret"));
    served.request("GET", "/", "Authorization: Basic b3BzOndyb25n\r\n"); // ops:wrong
    let headers = "Authorization: Basic b3BzOnNlY3JldA==\r\nJobs-Request: 1\r\nContent-Length: 16\r\n";
    let response = served.request("POST", "/api/queues/pause", &format!("{headers}\r\n{{\"queue\":\"mail\"}}"));
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    let mut log = || {
        let mut line = String::new();
        served.log.read_line(&mut line).unwrap();
        line
    };
    let (wrong, done) = (log(), log());
    assert!(wrong.contains("jobs::audit") && wrong.contains("password") && !wrong.contains("wrong\""), "{wrong}");
    assert!(done.contains("ops requested pause of the queue mail: 1 changed"), "{done}");
    assert!(served.stop());
}

#[tokio::test]
async fn a_read_only_dashboard_refuses_changes() {
    let dir = TestDir::new().await;
    let served = DashboardProcess::start(&dir, &["--read-only"], None);
    let response = served.request("POST", "/queues/pause", "Content-Length: 0\r\n");
    assert!(response.starts_with("HTTP/1.1 403"), "{response}");
    assert!(served.stop());
}

#[tokio::test]
async fn a_dashboard_for_other_machines_does_not_start_without_a_password() {
    let dir = TestDir::new().await;
    let refused = |args: &[&str], password: &str| {
        let args = [&["dashboard"], args].concat();
        let mut command = dir.command(env!("CARGO_BIN_EXE_jobs").into(), &args);
        command.env_remove("JOBS_DASHBOARD_PASSWORD");
        if !password.is_empty() {
            command.env("JOBS_DASHBOARD_PASSWORD", password);
        }
        CommandOutput::new(command.output().unwrap()).refused(1)
    };
    assert!(refused(&["--bind", "0.0.0.0:0"], "").contains("JOBS_DASHBOARD_PASSWORD"));
    assert!(refused(&["--bind", "nowhere"], "").contains("--bind 127.0.0.1:4000"));
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    assert!(refused(&["--bind", &address], "").contains(&format!("the address `{address}` is already in use")));
    assert!(refused(&["--bind", "127.0.0.1:0", "--user", "a:b"], "secret").contains("without `:`"));
}

#[tokio::test]
async fn a_user_without_a_password_is_refused() {
    let dir = TestDir::new().await;
    let mut command =
        dir.command(env!("CARGO_BIN_EXE_jobs").into(), &["dashboard", "--bind", "127.0.0.1:0", "--user", "admin"]);
    let output = command.env_remove("JOBS_DASHBOARD_PASSWORD").output().unwrap();
    let error = CommandOutput::new(output).refused(1);
    assert!(error.contains("set `JOBS_DASHBOARD_PASSWORD`"), "{error}");
}
