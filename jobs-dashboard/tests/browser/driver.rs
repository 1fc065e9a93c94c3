//! A minimal client of the protocol `WebDriver`: starts a browser, opens pages, runs scripts and clicks.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use serde_json::{Value, json};

/// The flags of Chromium. In containers it runs as root, where its sandbox does not work.
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

const STYLES_ARE_LOADED: &str =
    "return [...document.querySelectorAll('link[rel=stylesheet]')].every((link) => link.sheet !== null)";

/// Allows one browser at a time: each is a dozen processes, and several at once are only slower.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// A browser with its own profile, which is removed on drop.
pub(crate) struct Browser {
    driver: Child,
    port: u16,
    session: String,
    profile: tempfile::TempDir,
    _guard: MutexGuard<'static, ()>,
}

impl Browser {
    /// `None`, reported as a skipped test, if this machine has no browser.
    pub(crate) fn start() -> Option<Self> {
        // A failed test poisons the lock; the other tests can still run.
        let guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let profile = tempfile::tempdir().unwrap();
        let mut driver = Command::new("chromedriver");
        // Chromium leaves temporary files behind: they are removed with the profile.
        driver.arg("--port=0").env("TMPDIR", profile.path()).stdout(Stdio::piped()).stderr(Stdio::null());
        let Ok(mut driver) = driver.spawn() else {
            jobs_testing::skip("no Chromium");
            return None;
        };
        let port = port(&mut driver);
        let mut browser = Self { driver, port, session: String::new(), profile, _guard: guard };
        let data = format!("--user-data-dir={}", browser.profile.path().display());
        let arguments: Vec<_> = FLAGS.into_iter().chain([data.as_str()]).collect();
        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": { "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
            "timeouts": { "script": 60_000, "pageLoad": 60_000 },
        } } });
        let session = browser.send("POST", "/session", &capabilities);
        session["sessionId"].as_str().unwrap().clone_into(&mut browser.session);
        Some(browser)
    }

    /// Opens a page with all its style sheets.
    ///
    /// Chromium gives up requests for files, and does not repeat them, when a network of the machine comes or goes. The page is
    /// then loaded again.
    #[track_caller]
    pub(crate) fn go(&self, address: &str) {
        const TRIES: usize = 3;
        let is_whole = (0..TRIES).any(|_| {
            self.command("url", &json!({ "url": address }));
            self.ask(STYLES_ARE_LOADED) == true
        });
        assert!(is_whole, "{address} is without its style sheet: {:?}", self.console_errors());
    }

    /// Runs the body of a function in the page and returns its result; a promise is awaited.
    pub(crate) fn ask(&self, body: &str) -> Value {
        self.command("execute/sync", &json!({ "script": body, "args": [] }))
    }

    /// Waits until an expression is true in the page. It is evaluated at each change of the page.
    pub(crate) fn until(&self, expression: &str) {
        let script = format!(
            "return new Promise((done) => {{
               const check = () => {{ if ({expression}) {{ observer.disconnect(); done(true); }} }};
               const observer = new MutationObserver(check);
               observer.observe(document, {{ subtree: true, childList: true, attributes: true, characterData: true }});
               check();
             }})"
        );
        self.ask(&script);
    }

    /// The text of the element that a selector finds; `None` without one, as while the page is loading.
    pub(crate) fn text(&self, selector: &str) -> Option<String> {
        let script = format!("return document.querySelector({selector:?})?.textContent.trim() ?? null");
        let value = self.answer("POST", &self.path("execute/sync"), &json!({ "script": script, "args": [] }));
        value.as_str().map(str::to_owned)
    }

    /// Waits until the element that a selector finds has this text. It polls, since a page without scripts cannot report its
    /// changes.
    #[track_caller]
    pub(crate) fn wait_for_text(&self, selector: &str, text: &str) {
        const TRIES: usize = 3000;
        let last = (0..TRIES).map(|_| self.text(selector)).find(|found| found.as_deref() == Some(text));
        assert!(last.is_some(), "{selector} does not have {text:?} but {:?}", self.text(selector));
    }

    /// Clicks the element that a selector finds.
    pub(crate) fn click(&self, selector: &str) {
        let found = self.command("element", &json!({ "using": "css selector", "value": selector }));
        let id = found.as_object().unwrap().values().next().unwrap().as_str().unwrap().to_owned();
        self.command(&format!("element/{id}/click"), &json!({}));
    }

    /// Presses keys, one after another.
    pub(crate) fn keys(&self, keys: &[char]) {
        let key = |key: &char| [json!({ "type": "keyDown", "value": key }), json!({ "type": "keyUp", "value": key })];
        let presses: Vec<Value> = keys.iter().flat_map(key).collect();
        self.command("actions", &json!({ "actions": [{ "type": "key", "id": "keys", "actions": presses }] }));
    }

    /// A command of the `DevTools` protocol of Chromium.
    pub(crate) fn devtools(&self, command: &str, parameters: &Value) {
        self.command("goog/cdp/execute", &json!({ "cmd": command, "params": parameters }));
    }

    pub(crate) fn size(&self, width: u32, height: u32) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", &metrics);
    }

    pub(crate) fn color_scheme(&self, scheme: &str) {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", &features);
    }

    /// The window as a picture in PNG.
    pub(crate) fn picture(&self) -> Vec<u8> {
        let picture = self.send("GET", &self.path("screenshot"), &json!({}));
        base64::engine::general_purpose::STANDARD.decode(picture.as_str().unwrap()).unwrap()
    }

    pub(crate) fn without_scripts(&self) {
        self.devtools("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
    }

    /// The errors in the console: of scripts, of the content security policy, of missing files.
    pub(crate) fn console_errors(&self) -> Vec<String> {
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

    /// The response, which may be an error.
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

/// The port on which the driver says that it listens.
fn port(driver: &mut Child) -> u16 {
    let lines = BufReader::new(driver.stdout.take().unwrap()).lines().map_while(Result::ok);
    let ports = lines.filter_map(|line| {
        line.strip_prefix("ChromeDriver was started successfully on port ")?.strip_suffix('.')?.parse().ok()
    });
    ports.into_iter().next().expect("the driver prints its port")
}

/// How long a command may take: longer than any script or page.
const TIMEOUT: Duration = Duration::from_secs(30);

fn http(port: u16, method: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(TIMEOUT)).unwrap();
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
