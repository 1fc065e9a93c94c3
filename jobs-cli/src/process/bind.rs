//! Binds the addresses on which commands listen, with errors that say what to do.

use std::io::ErrorKind;

use jobs::Error;
use tokio::net::TcpListener;

/// Listens on an address. `flag` is the flag that gives the address, and `example` a value of it.
///
/// # Errors
/// The address is in use, is not valid, or this user may not listen on it.
pub(crate) async fn bind(address: &str, flag: &str, example: &str) -> Result<TcpListener, Error> {
    TcpListener::bind(address).await.map_err(|cause| {
        let another = format!("choose another one with `{flag}`");
        let text = match cause.kind() {
            ErrorKind::AddrInUse => {
                format!("the address `{address}` is already in use: stop the program that listens on it, or {another}")
            }
            ErrorKind::PermissionDenied => {
                format!("this user may not listen on the address `{address}`; {another}, with a port above 1023")
            }
            ErrorKind::AddrNotAvailable => format!("`{address}` is not an address of this machine; {another}"),
            _ => format!("cannot listen on the address `{address}`; write `{flag} {example}`"),
        };
        Error::invalid(text).with_source(cause)
    })
}
