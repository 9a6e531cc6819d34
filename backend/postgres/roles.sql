-- The role that the API connects as. It owns nothing: migrations, which run as the owner
-- of the database, grant it what it needs.
\getenv password POSTGRES_APP_PASSWORD
CREATE ROLE roster_app LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
