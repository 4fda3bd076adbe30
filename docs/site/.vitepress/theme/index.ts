// The default theme with the reader's own fonts: nothing is loaded from elsewhere, and a page has no font to wait for.
import theme from 'vitepress/theme-without-fonts';
import './style.css';

export default theme;
