import CGit2

/// The C library, set up once for the process.
enum GitLibrary {
    /// Touch it before the first call of libgit2.
    ///
    /// The user's and the machine's configuration must not shape what we read or write (excludes, filters, identities),
    /// so those levels are empty. Hashes are not verified on every read: that is the business of an explicit check of
    /// the store.
    static let ready: Void = {
        git_libgit2_init()
        for level in [
            GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL,
        ] {
            _ = factory_git_search_path(level.rawValue, "")
        }
        _ = factory_git_owner_validation(0)
        _ = factory_git_strict_hash(0)
        // Objects never change, and the line reads the same few again and again: small files and large directories are
        // worth keeping too, which libgit2 by itself does not.
        _ = factory_git_cache_limit(GIT_OBJECT_COMMIT, 64 << 10)
        _ = factory_git_cache_limit(GIT_OBJECT_TREE, 256 << 10)
        _ = factory_git_cache_limit(GIT_OBJECT_BLOB, 32 << 10)
        _ = factory_git_cache_size(16 << 20)
    }()
}
