//! A TCP load balancer: connections go to the backends in turn.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use parking_lot::Mutex;

/// A balancer on a free port, stopped when dropped.
pub struct TcpBalancer {
    address: String,
    backends: Arc<Mutex<Vec<String>>>,
    stopped: Arc<AtomicBool>,
}

impl TcpBalancer {
    /// Starts a balancer of these addresses. A backend that refuses a connection is passed over.
    #[must_use]
    pub fn start(backends: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let backends = Arc::new(Mutex::new(backends));
        let stopped = Arc::new(AtomicBool::new(false));
        let (current, stop) = (Arc::clone(&backends), Arc::clone(&stopped));
        thread::spawn(move || {
            for (turn, client) in listener.incoming().enumerate() {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let backends = current.lock().clone();
                let in_turn = (0..backends.len()).map(|step| &backends[(turn + step) % backends.len()]);
                let server = in_turn.filter_map(|backend| TcpStream::connect(backend).ok()).next();
                // Without a backend the connection is closed.
                if let (Ok(client), Some(server)) = (client, server) {
                    connect(&client, &server);
                }
            }
        });
        Self {
            address,
            backends,
            stopped,
        }
    }

    /// Sends new connections to these addresses.
    pub fn set_backends(&self, backends: Vec<String>) {
        *self.backends.lock() = backends;
    }

    /// Host and port.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for TcpBalancer {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        // The thread waits for a connection.
        let _ = TcpStream::connect(&self.address);
    }
}

fn connect(client: &TcpStream, server: &TcpStream) {
    for (from, to) in [(client, server), (server, client)] {
        let (Ok(mut from), Ok(mut to)) = (from.try_clone(), to.try_clone()) else {
            return;
        };
        thread::spawn(move || {
            let mut bytes = [0; 16 * 1024];
            while let Ok(length @ 1..) = from.read(&mut bytes) {
                if to.write_all(&bytes[..length]).is_err() {
                    break;
                }
            }
            let _ = to.shutdown(Shutdown::Write);
        });
    }
}
