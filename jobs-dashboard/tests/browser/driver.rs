//! The least of the protocol `WebDriver`: a browser is started, led to pages, asked and pressed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

/// What Chromium is started with. It runs as root in containers, where it has no sandbox.
const FLAGS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
];

/// Browsers run one after the other: each is a dozen processes, and more at once are only slower.
static TURN: Mutex<()> = Mutex::new(());

/// A browser with a profile of its own, which is gone when this is dropped.
pub(crate) struct Browser {
    driver: Child,
    port: u16,
    session: String,
    profile: tempfile::TempDir,
    _turn: MutexGuard<'static, ()>,
}

impl Browser {
    /// `None`, which was said, if there is none on this machine.
    pub(crate) fn start() -> Option<Self> {
        // A test that failed with the browser does not keep the others from theirs.
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let driver = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let Ok(mut driver) = driver else {
            jobs_testing::skip("no Chromium");
            return None;
        };
        let port = port(&mut driver);
        let profile = tempfile::tempdir().unwrap();
        let mut browser = Self { driver, port, session: String::new(), profile, _turn: turn };
        let data = format!("--user-data-dir={}", browser.profile.path().display());
        let arguments: Vec<_> = FLAGS.into_iter().chain([data.as_str()]).collect();
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": { "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
            "timeouts": { "script": 15_000, "pageLoad": 15_000 },
        } } });
        let session = browser.send("POST", "/session", &wanted);
        session["sessionId"].as_str().unwrap().clone_into(&mut browser.session);
        Some(browser)
    }

    pub(crate) fn go(&self, address: &str) {
        self.command("url", &json!({ "url": address }));
    }

    /// What a function in the page gives. It may wait: a promise is awaited.
    pub(crate) fn ask(&self, body: &str) -> Value {
        self.command("execute/sync", &json!({ "script": body, "args": [] }))
    }

    /// Waits until an expression is true in the page: it is looked at whenever something there changes.
    pub(crate) fn until(&self, expression: &str) {
        let script = format!(
            "return new Promise((done) => {{
               const look = () => {{ if ({expression}) {{ observer.disconnect(); done(true); }} }};
               const observer = new MutationObserver(look);
               observer.observe(document, {{ subtree: true, childList: true, attributes: true, characterData: true }});
               look();
             }})"
        );
        self.ask(&script);
    }

    /// The text of what a selector finds; nothing while the page is not there.
    pub(crate) fn text(&self, selector: &str) -> Option<String> {
        let script = format!("return document.querySelector({selector:?})?.textContent.trim() ?? null");
        let value = self.answer("POST", &self.path("execute/sync"), &json!({ "script": script, "args": [] }));
        value.as_str().map(str::to_owned)
    }

    /// Waits until what a selector finds has this text, on a page that may still be on its way. It is asked again and
    /// again, since a page without scripts cannot say when it changed.
    #[track_caller]
    pub(crate) fn says(&self, selector: &str, words: &str) {
        const TRIES: usize = 3000;
        let last = (0..TRIES).map(|_| self.text(selector)).find(|text| text.as_deref() == Some(words));
        assert!(last.is_some(), "{selector} does not say {words:?} but {:?}", self.text(selector));
    }

    /// Presses what a selector finds, as a person with a mouse.
    pub(crate) fn press(&self, selector: &str) {
        let found = self.command("element", &json!({ "using": "css selector", "value": selector }));
        let id = found.as_object().unwrap().values().next().unwrap().as_str().unwrap().to_owned();
        self.command(&format!("element/{id}/click"), &json!({}));
    }

    /// Presses keys, one after the other.
    pub(crate) fn keys(&self, keys: &[char]) {
        let key = |key: &char| [json!({ "type": "keyDown", "value": key }), json!({ "type": "keyUp", "value": key })];
        let presses: Vec<Value> = keys.iter().flat_map(key).collect();
        self.command("actions", &json!({ "actions": [{ "type": "key", "id": "keys", "actions": presses }] }));
    }

    /// A command of Chromium's own protocol.
    pub(crate) fn own(&self, command: &str, parameters: &Value) {
        self.command("goog/cdp/execute", &json!({ "cmd": command, "params": parameters }));
    }

    pub(crate) fn size(&self, width: u32, height: u32) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.own("Emulation.setDeviceMetricsOverride", &metrics);
    }

    pub(crate) fn prefers(&self, scheme: &str) {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.own("Emulation.setEmulatedMedia", &features);
    }

    pub(crate) fn without_scripts(&self) {
        self.own("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
    }

    /// What the browser complained about: errors of scripts, what the policy forbade, files that are not there.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let lines = self.command("se/log", &json!({ "type": "browser" }));
        let lines = lines.as_array().unwrap().iter().filter(|line| line["level"] == "SEVERE");
        lines.map(|line| line["message"].to_string()).collect()
    }

    fn command(&self, name: &str, body: &Value) -> Value {
        self.send("POST", &self.path(name), body)
    }

    fn path(&self, command: &str) -> String {
        format!("/session/{}/{command}", self.session)
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> Value {
        let value = self.answer(method, path, body);
        assert!(value.get("error").is_none_or(Value::is_null), "{method} {path} {body}: {value}");
        value
    }

    /// What is answered, which may be an error.
    fn answer(&self, method: &str, path: &str, body: &Value) -> Value {
        let answer = http(self.port, method, path, &body.to_string());
        let mut answer: Value = serde_json::from_str(&answer).unwrap_or_else(|_| panic!("{method} {path}: {answer}"));
        answer["value"].take()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !self.session.is_empty() {
            http(self.port, "DELETE", &format!("/session/{}", self.session), "");
        }
        let _ended = self.driver.kill();
        let _waited = self.driver.wait();
    }
}

/// The port that it says it listens at.
fn port(driver: &mut Child) -> u16 {
    let lines = BufReader::new(driver.stdout.take().unwrap()).lines().map_while(Result::ok);
    let ports = lines.filter_map(|line| {
        line.strip_prefix("ChromeDriver was started successfully on port ")?.strip_suffix('.')?.parse().ok()
    });
    ports.into_iter().next().expect("it says its port")
}

/// How long a command may take: longer than any script or page.
const PATIENCE: Duration = Duration::from_secs(30);

fn http(port: u16, method: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let head = format!("Host: localhost\r\nContent-Length: {}\r\n", body.len());
    write!(stream, "{method} {path} HTTP/1.1\r\n{head}\r\n{body}").unwrap();
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap_or_else(|error| panic!("{method} {path} {body}: {error}"));
        if let Some((_, value)) = line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length")) {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut answer = vec![0; length];
    reader.read_exact(&mut answer).unwrap();
    String::from_utf8(answer).unwrap()
}
