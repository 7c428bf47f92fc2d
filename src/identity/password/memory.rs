//! Argon2 with memory that is kept between runs. A run fills 19 MiB; given back each time, they stay behind in the
//! allocator's arenas, several times what runs at once. What is kept here is never more than ran at once.

use argon2::password_hash::phc::{Output, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use parking_lot::Mutex;

use super::{Error, internal};

/// The memory that no run is using.
#[derive(Default)]
pub(super) struct Memory(Mutex<Vec<Vec<Block>>>);

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // What a run leaves behind helps to guess its password.
        f.debug_struct("Memory").finish_non_exhaustive()
    }
}

impl Memory {
    /// One run of Argon2: the hash of a password in PHC string form.
    pub(super) fn hash(&self, argon2: &Argon2<'_>, password: &[u8], salt: &[u8; 16]) -> Result<String, Error> {
        let mut output = [0; 32];
        self.fill(argon2, password, salt, &mut output)?;
        phc(argon2.params(), salt, &output)
    }

    /// One run of Argon2 with the parameters of the hash: whether it is that of the password.
    pub(super) fn verify(&self, password: &[u8], hash: &PasswordHash) -> Result<bool, Error> {
        let (Some(salt), Some(expected)) = (hash.salt, hash.hash) else {
            return Err(internal("a stored hash has no salt or no output"));
        };
        let algorithm = Algorithm::try_from(hash.algorithm.as_str()).map_err(internal)?;
        let version = hash.version.map(Version::try_from).transpose().map_err(internal)?;
        let params = Params::try_from(hash).map_err(internal)?;
        let argon2 = Argon2::new(algorithm, version.unwrap_or_default(), params);
        let mut buffer = [0; Output::MAX_LENGTH];
        let output = &mut buffer[..expected.len()];
        self.fill(&argon2, password, &salt, output)?;
        // `Output` compares in constant time.
        Ok(Output::new(output).map_err(internal)? == expected)
    }

    fn fill(&self, argon2: &Argon2<'_>, password: &[u8], salt: &[u8], output: &mut [u8]) -> Result<(), Error> {
        let blocks = argon2.params().block_count();
        let kept = self.0.lock().pop().filter(|memory| memory.len() >= blocks);
        let mut memory = kept.unwrap_or_else(|| vec![Block::default(); blocks]);
        let outcome = argon2.hash_password_into_with_memory(password, salt, output, &mut memory[..]);
        self.0.lock().push(memory);
        outcome.map_err(internal)
    }
}

/// The PHC string form.
pub(super) fn phc(params: &Params, salt: &[u8; 16], output: &[u8; 32]) -> Result<String, Error> {
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: params.try_into().map_err(internal)?,
        salt: Some(Salt::new(salt).map_err(internal)?),
        hash: Some(Output::new(output).map_err(internal)?),
    };
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    //! Against the library's own way, which takes new memory each time.

    use argon2::password_hash::{PasswordHasher, PasswordVerifier};

    use super::*;

    #[test]
    fn it_is_the_library_s_argon2_and_one_run_leaves_nothing_to_the_next() {
        let memory = Memory::default();
        for (kib, passes, lanes) in [(64, 1, 1), (1024, 2, 1), (64, 3, 2), (256, 1, 4), (64, 1, 1)] {
            let params = Params::new(kib, passes, lanes, Some(32)).unwrap();
            let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            let ours = memory
                .hash(&argon2, b"correct horse battery", b"sixteen bytes of")
                .unwrap();
            let theirs = argon2
                .hash_password_with_salt(b"correct horse battery", b"sixteen bytes of")
                .unwrap();
            assert_eq!(ours, theirs.to_string());
            argon2.verify_password(b"correct horse battery", &theirs).unwrap();
            assert!(memory.verify(b"correct horse battery", &theirs).unwrap());
            assert!(!memory.verify(b"correct horse batterz", &theirs).unwrap());
        }
        assert_eq!(memory.0.lock().len(), 1, "one after the other need one");
    }
}
