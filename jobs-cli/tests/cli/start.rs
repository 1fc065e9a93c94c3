//! `start`: a program runs its jobs until a signal stops it.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use crate::fixture::{CommandOutput, TestDir, example, shop};

#[tokio::test]
async fn a_program_runs_the_jobs_of_the_given_queues_and_stops_on_sigterm() {
    let dir = TestDir::new().await;
    dir.enqueue(1, |_| {}).await;
    dir.enqueue(2, |job| job.queue = "default".into()).await;
    let args = ["start", "-q", "mail", "--threads", "2", "-t", "5"];
    let mut child = dir.command(shop(), &args).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "sent Hello to 20 letters");
    let kill = Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(kill.success());
    assert!(child.wait().unwrap().success(), "the exit status is 0");
    assert_eq!((dir.state(1).await, dir.state(2).await), ("finished", "ready"));
}

#[tokio::test]
async fn a_program_whose_job_never_yields_ends_after_the_time_out_or_a_second_signal() {
    for (limit, signals) in [("1", &["TERM"][..]), ("1h", &["TERM", "INT"])] {
        let dir = TestDir::new().await;
        dir.enqueue(1, |_| {}).await;
        let mut command = dir.command(example("stuck"), &["start", "-t", limit]);
        let mut child = command.env("TOKIO_WORKER_THREADS", "1").stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert_eq!(lines.next().unwrap().unwrap(), "stuck in 20 letters Hello");
        for signal in signals {
            let kill = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status().unwrap();
            assert!(kill.success());
        }
        assert!(child.wait().unwrap().success(), "the exit status is 0");
        assert_eq!(dir.state(1).await, "ready", "the job is released");
    }
}

#[tokio::test]
async fn systemd_is_notified_that_the_program_is_ready_alive_and_stopping() {
    let dir = TestDir::new().await;
    let path = dir.folder.path().join("notify");
    let socket = std::os::unix::net::UnixDatagram::bind(&path).unwrap();
    let mut command = dir.command(shop(), &["start"]);
    let mut child = command.env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "20000").spawn().unwrap();
    let message = || {
        let mut bytes = [0; 256];
        let length = socket.recv(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes[..length]).into_owned()
    };
    let until = |word: &str| while !message().contains(word) {};
    until("READY=1");
    until("WATCHDOG=1");
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    until("STATUS=claims no more");
    until("STOPPING=1");
    assert!(child.wait().unwrap().success());
}

#[tokio::test]
async fn without_jobs_the_error_says_how_to_add_them() {
    let dir = TestDir::new().await;
    assert!(dir.jobs(&["start"]).refused(1).contains("jobs_cli::run"));
}

#[tokio::test]
async fn invalid_flags_are_refused_before_anything_runs() {
    let dir = TestDir::new().await;
    assert!(dir.shop(&["start", "-q", "mail,often"]).refused(1).contains("write `mail,3`"));
    assert!(dir.shop(&["start", "-q", "ma*il"]).refused(1).contains("ma*il"));
    assert!(dir.shop(&["start", "-c", "0"]).refused(2).contains('0'));
    assert!(dir.shop(&["start", "-t", "soon"]).refused(2).contains("soon"));
    assert!(dir.shop(&["start", "-C", "nowhere.yml"]).refused(1).contains("nowhere.yml"));
}

/// The response of the program at this address to a request for the path.
fn get(address: &str, path: &str) -> String {
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}

#[tokio::test]
async fn with_listen_a_running_program_serves_health_and_metrics() {
    let dir = TestDir::new().await;
    dir.enqueue(1, |_| {}).await;
    let args = ["start", "--listen", "127.0.0.1:0"];
    let mut command = dir.command(shop(), &args);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let line = BufReader::new(child.stderr.take().unwrap()).lines().next().unwrap().unwrap();
    let address = line.split("http://").nth(1).unwrap().split('/').next().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "sent Hello to 20 letters");
    assert!(get(address, "/health").starts_with("HTTP/1.1 200"), "{}", get(address, "/health"));
    let metrics = get(address, "/metrics");
    assert!(metrics.contains("jobs_started_total{job_name=\"send_mail\",queue=\"mail\"} 1"), "{metrics}");
    assert!(metrics.contains("jobs_store_up 1"), "{metrics}");
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    assert!(child.wait().unwrap().success(), "the exit status is 0");
    assert!(dir.shop(&["start", "--listen", "nowhere"]).refused(1).contains("--listen 127.0.0.1:9394"));
}

#[tokio::test]
async fn a_program_without_its_own_log_gets_one() {
    let dir = TestDir::new().await;
    dir.enqueue(1, |_| {}).await;
    let mut command = dir.command(shop(), &["start"]);
    let mut child = command.env_remove("JOBS_LOG").stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let banner = "INFO jobs: Started: queues * (10 jobs at once); store sqlite:jobs.db; environment development";
    assert!(lines.any(|line| line.contains(banner)));
    assert!(lines.any(|line| line.contains("Performed send_mail")));
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    assert!(lines.any(|line| line.contains("INFO jobs: Stopped")));
    assert!(child.wait().unwrap().success());
    let no_text = <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(b"d\xffbug");
    let invalid = CommandOutput::new(dir.command(shop(), &["start"]).env("JOBS_LOG", no_text).output().unwrap());
    assert!(invalid.status != 0 && invalid.err.contains("not a valid level"), "{}", invalid.err);
    let invalid = CommandOutput::new(dir.command(shop(), &["start"]).env("JOBS_LOG", "loud").output().unwrap());
    assert!(invalid.refused(1).contains("write `off`, `error`"));
}
